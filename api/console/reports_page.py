"""What the public has reported, newest first: how far each is, how often, by how many."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from api.console.render import render
from api.console.routing import ActorDep, SessionDep, console_router
from api.deps import Reading
from api.report_view import STATUS_TEXTS
from api.schemas.common import CleanText
from monitor.domain import Scope
from monitor.reference.regions import region_name
from monitor.review.policies import require_scope
from monitor.storage import Connection
from monitor.storage.public_reports import (
    CLOSED,
    PublicReport,
    ReportStatus,
    find_report,
    list_reports,
)
from monitor.storage.report_counts import Kinship, count_by_status, kinship_of

PATH = "/laporan"
OPEN, ALL = "terbuka", "semua"
_PAGE = 25
_LINE = 160

router = console_router()


@dataclass(frozen=True, slots=True)
class Row:
    """A report as the list shows it."""

    report: PublicReport
    kinship: Kinship
    line: str
    region: str
    status: str


@router.get(PATH)
def show_reports(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    connection: Reading,
    status: Annotated[CleanText, Query(max_length=16)] = OPEN,
    sebelum: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    serupa: Annotated[CleanText, Query(max_length=16)] = "",
    pengirim: Annotated[CleanText, Query(max_length=16)] = "",
) -> Response:
    require_scope(actor, Scope.CASES_READ)
    known = status in (OPEN, ALL) or status in set(ReportStatus)
    status = status if known else OPEN
    about, sender = _fellows(connection, serupa, pengirim)
    found = list_reports(
        connection,
        _statuses(status),
        before_id=sebelum,
        limit=_PAGE + 1,
        about=about,
        sender=sender,
    )
    page, more = found[:_PAGE], len(found) > _PAGE
    kept = {"status": status, "serupa": serupa, "pengirim": pengirim}
    return render(
        request,
        "laporan.html",
        session=session,
        rows=rows_of(connection, page),
        chosen=status,
        statuses={OPEN: "yang terbuka", **STATUS_TEXTS, ALL: "semua"},
        counted=count_by_status(connection),
        about=serupa if about else "",
        sender=pengirim if sender else "",
        later=_address(**kept, sebelum=str(page[-1].id)) if more else "",
        first=_address(**kept) if sebelum else "",
    )


def rows_of(connection: Connection, reports: list[PublicReport]) -> list[Row]:
    kinship = kinship_of(connection, reports)
    return [
        Row(
            report=report,
            kinship=kinship[report.id],
            line=_first_line(report),
            region=region_name(report.region),
            status=STATUS_TEXTS[report.status],
        )
        for report in reports
    ]


def _fellows(connection: Connection, about: str, sender: str) -> tuple[str, str]:
    """Filters are named by a ticket: the marks themselves stay out of addresses."""
    chosen = find_report(connection, about or sender) if about or sender else None
    if chosen is None:
        return "", ""
    return (chosen.about, "") if about else ("", chosen.sender)


def _statuses(status: str) -> tuple[ReportStatus, ...]:
    if status == ALL:
        return ()
    if status == OPEN:
        return tuple(known for known in ReportStatus if known not in CLOSED)
    return (ReportStatus(status),)


def _first_line(report: PublicReport) -> str:
    said = report.text or report.link or report.seen
    line = next((line.strip() for line in said.splitlines() if line.strip()), "")
    return line if len(line) <= _LINE else f"{line[:_LINE].rstrip()}…"


def _address(**values: str) -> str:
    return f"{PATH}?{urlencode({name: value for name, value in values.items() if value})}"
