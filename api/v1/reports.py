"""`POST /v1/reports` and the status of a ticket: the public door for other programs."""

from typing import Annotated

from fastapi import APIRouter, Header, Request

from api.deps import Reading, RuntimeDep, Writing
from api.report_view import progress_of
from api.schemas.common import CleanText
from api.schemas.reports import ReportIn, ReportOut
from api.senders import SenderDep, address_of
from api.strict_json import StrictJsonRoute
from api.ticket_limiter import guarded_ticket
from monitor.clock import utcnow
from monitor.pipeline import public_reports
from monitor.pipeline.report_marks import new_nonce
from monitor.pipeline.report_rules import check_report
from monitor.storage import Connection
from monitor.storage.public_reports import PublicReport

router = APIRouter(tags=["laporan masyarakat"], route_class=StrictJsonRoute)


@router.post(
    "/reports",
    status_code=201,
    summary="Laporkan unggahan; terbuka untuk siapa pun, dengan batas laju",
    response_model=ReportOut,
    response_model_exclude_none=True,
)
def send_report(
    sender: SenderDep,
    runtime: RuntimeDep,
    connection: Writing,
    sent: ReportIn,
    idempotency_key: Annotated[CleanText, Header(max_length=255)] = "",
) -> ReportOut:
    report = check_report(sent.as_typed(), utcnow(), runtime.zone)
    taken = public_reports.submit(
        connection,
        report,
        sender=sender,
        nonce=f"v1:{idempotency_key}" if idempotency_key else new_nonce(),
        key=runtime.key,
    )
    return _out(connection, taken)


@router.get(
    "/reports/{ticket}",
    summary="Keadaan sebuah laporan menurut nomor tiketnya",
    response_model=ReportOut,
    response_model_exclude_none=True,
)
def read_report(request: Request, ticket: CleanText, connection: Reading) -> ReportOut:
    return _out(connection, guarded_ticket(request, connection, ticket, address_of(request)))


def _out(connection: Connection, report: PublicReport) -> ReportOut:
    progress = progress_of(connection, report)
    return ReportOut(
        ticket=report.ticket,
        status=progress.status,
        status_text=progress.text,
        reason=progress.reason or None,
        case=progress.case or None,
        received_at=report.created_at,
        updated_at=progress.changed_at,
        status_url=f"/lapor/{report.ticket}",
    )
