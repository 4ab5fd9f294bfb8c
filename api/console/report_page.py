"""One report of the public: what was said, what became of it, its fellows, and what can be done."""

from typing import Annotated

from fastapi import Query, Request, Response

from api.console import notices
from api.console.render import render
from api.console.reports_page import PATH, rows_of
from api.console.routing import ActorDep, SessionDep, console_router
from api.deps import Reading
from api.report_view import REASONS, progress_of
from api.schemas.common import CleanText
from monitor.access.people import Session
from monitor.domain import Actor, Scope
from monitor.errors import PermissionDenied
from monitor.pipeline.public_reports import FETCHED_STEP, get_report
from monitor.pipeline.report_desk import may_see_contact
from monitor.reference.regions import region_name
from monitor.review.policies import require_reviewer, require_scope
from monitor.storage import Connection
from monitor.storage.public_reports import PublicReport, list_reports, list_steps
from monitor.storage.report_counts import kinship_of

_FELLOWS = 10
_STEPS = {
    "report.received": "diterima",
    "report.fetched": "isi tautan dibaca",
    "report.status": "status diubah",
    "report.contact_shown": "kontak pelapor dibuka",
}

router = console_router()


@router.get(f"{PATH}/{{ticket}}")
def show_report(
    request: Request,
    ticket: CleanText,
    session: SessionDep,
    actor: ActorDep,
    connection: Reading,
    pesan: Annotated[CleanText, Query(max_length=32)] = "",
) -> Response:
    require_scope(actor, Scope.CASES_READ)
    report = get_report(connection, ticket)
    return render_report(request, session, actor, connection, report, notice=notices.plain(pesan))


def render_report(
    request: Request,
    session: Session,
    actor: Actor,
    connection: Connection,
    report: PublicReport,
    *,
    notice: notices.Notice | None = None,
    error: str = "",
    status: int = 200,
    contact: str = "",
) -> Response:
    same_about = list_reports(
        connection, (), before_id=None, limit=_FELLOWS + 1, about=report.about
    )
    steps = list_steps(connection, report.id)
    same_sender = (
        list_reports(connection, (), before_id=None, limit=_FELLOWS + 1, sender=report.sender)
        if report.sender
        else []
    )
    return render(
        request,
        "laporan_satu.html",
        status=status,
        session=session,
        notice=notice,
        error=error,
        path=f"{PATH}/{report.ticket}",
        report=report,
        progress=progress_of(connection, report),
        region=region_name(report.region),
        kinship=kinship_of(connection, [report])[report.id],
        same_about=rows_of(connection, [r for r in same_about if r.id != report.id][:_FELLOWS]),
        same_sender=rows_of(connection, [r for r in same_sender if r.id != report.id][:_FELLOWS]),
        steps=[(step, _STEPS.get(step.action, step.action)) for step in steps],
        # Else what nobody has read yet would look as if it had been read and found harmless.
        is_read=bool(report.text) or any(step.action == FETCHED_STEP for step in steps),
        reasons=REASONS,
        contact=contact,
        may_see_contact=may_see_contact(actor),
        refusal=_refusal(actor),
    )


def _refusal(actor: Actor) -> str:
    try:
        require_reviewer(actor)
    except PermissionDenied as error:
        return error.detail
    return ""
