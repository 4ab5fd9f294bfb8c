"""`/lapor/{ticket}`: what became of a report, to whoever knows its ticket."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.console.render import render
from api.deps import Reading
from api.public.report_form import PATH
from api.report_view import progress_of
from api.schemas.common import CleanText
from api.senders import address_of
from api.ticket_limiter import guarded_ticket
from monitor.errors import NetraError, NotFoundError, TooManyAttempts
from monitor.pipeline.report_marks import parse_ticket

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/tiket")
def look_up(request: Request, nomor: Annotated[CleanText, Query(max_length=64)] = "") -> Response:
    """The form for a ticket that was written down; it has to be sent somewhere without a script."""
    ticket = parse_ticket(nomor)
    if ticket is None:
        error = NotFoundError("Nomor tiket seperti L-7K4M-Q9TX. Periksa huruf dan angkanya.")
        return _page(request, typed=nomor, error=error if nomor else None)
    return RedirectResponse(f"{PATH}/{ticket}", status_code=303)


@router.get(f"{PATH}/{{ticket}}")
def show_ticket(
    request: Request,
    ticket: CleanText,
    connection: Reading,
    baru: Annotated[CleanText, Query(max_length=8)] = "",
) -> Response:
    try:
        report = guarded_ticket(request, connection, ticket[:64], address_of(request))
    except (NotFoundError, TooManyAttempts) as error:
        return _page(request, typed=ticket[:64], error=error)
    if report.ticket != ticket:
        return RedirectResponse(f"{PATH}/{report.ticket}", status_code=303)
    return render(
        request,
        "tiket.html",
        ticket=report.ticket,
        progress=progress_of(connection, report),
        received_at=report.created_at,
        new=bool(baru),
        typed="",
        error="",
    )


def _page(request: Request, *, typed: str, error: NetraError | None) -> Response:
    return render(
        request,
        "tiket.html",
        status=error.status if error else 200,
        ticket="",
        progress=None,
        received_at=None,
        new=False,
        typed=typed,
        error=error.detail if error else "",
    )
