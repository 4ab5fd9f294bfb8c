"""One case: left what was posted, right what speaks for and against, below the decision."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Request, Response

from api.console import case_view, notices
from api.console.choices import ONWARD, SET_ASIDE
from api.console.queue_query import QueueQuery, QueueQueryDep, read_query
from api.console.render import render
from api.console.routing import ActorDep, CaseNumber, SessionDep, console_router
from api.deps import Reading
from api.schemas.common import CleanText
from monitor.access.people import Session
from monitor.clock import utcnow
from monitor.domain import OPEN_STATUSES, Actor, Case, CaseStatus, case_label
from monitor.errors import PermissionDenied
from monitor.review.legal import read_acts
from monitor.review.policies import require_approver, require_reviewer
from monitor.review.queues import get_case, held_by_other
from monitor.storage import Connection
from monitor.storage.public_reports import list_reports
from monitor.storage.rechecks import find_sighting
from monitor.storage.report_counts import kinship_of_case

router = console_router()


@router.get("/kasus/{label}")
def show_case(
    request: Request,
    case_id: CaseNumber,
    session: SessionDep,
    actor: ActorDep,
    query: QueueQueryDep,
    connection: Reading,
    pesan: Annotated[CleanText, Query(max_length=32)] = "",
    putusan: Annotated[CleanText, Query(max_length=32)] = "",
) -> Response:
    notice = notices.of_step_before(connection, actor, message=pesan, decided=putusan)
    return render_case(request, session, actor, connection, case_id, notice=notice, query=query)


def render_case(
    request: Request,
    session: Session,
    actor: Actor,
    connection: Connection,
    case_id: int,
    *,
    notice: notices.Notice | None = None,
    query: QueueQuery | None = None,
    note: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    case = get_case(connection, case_id)
    return render(
        request,
        "kasus.html",
        status=status,
        session=session,
        notice=notice,
        query=query or read_query(),
        path=f"/kasus/{case_label(case.id)}",
        case=case,
        view=case_view.view_of(case),
        acts=read_acts(case),
        reported=kinship_of_case(connection, case.id),
        reports=list_reports(connection, (), before_id=None, limit=5, case_id=case.id),
        sighting=find_sighting(connection, case.id),
        onward=ONWARD,
        set_aside=SET_ASIDE,
        note=note,
        error=error,
        mine=_is_mine(case, actor),
        taken=held_by_other(case, actor.name),
        open=case.status in OPEN_STATUSES,
        reviewer_refusal=_refusal(lambda: require_reviewer(actor)),
        approver_refusal=_refusal(lambda: require_approver(actor, case)),
    )


def _is_mine(case: Case, actor: Actor) -> bool:
    return (
        case.status is CaseStatus.LEASED
        and case.assigned_to == actor.name
        and case.lease_until is not None
        and case.lease_until >= utcnow()
    )


def _refusal(require: Callable[[], object]) -> str:
    """Why `actor` may not, in the words of the policy; empty when nothing stands against it."""
    try:
        require()
    except PermissionDenied as error:
        return error.detail
    return ""
