"""Somebody was first: both decisions side by side, and what can be done now."""

from fastapi import Request, Response

from api.console.render import render
from monitor.access.people import Session
from monitor.errors import ConflictError, LeaseConflict
from monitor.review.queues import get_case
from monitor.storage import Connection


def render_conflict(
    request: Request,
    session: Session,
    connection: Connection,
    case_id: int,
    *,
    error: ConflictError,
    yours: str,
    note: str,
) -> Response:
    """Show what stands beside what was about to be said. Nothing was written before this."""
    case = get_case(connection, case_id)
    standing = next((d for d in reversed(case.decisions) if d.undone_at is None), None)
    return render(
        request,
        "konflik.html",
        status=error.status,
        session=session,
        title=error.title,
        detail=error.detail,
        case=case,
        standing=standing,
        leased=isinstance(error, LeaseConflict),
        yours=yours,
        note=note,
    )
