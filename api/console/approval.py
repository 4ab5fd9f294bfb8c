"""The second pair of eyes: another person agrees to a confirmed case."""

from typing import Annotated

from fastapi import Form, Request, Response

from api.console import notices
from api.console.conflict import render_conflict
from api.console.routing import CaseNumber, SessionDep, SignedActor, console_router, redirect
from api.deps import Writing
from monitor.domain import case_label
from monitor.errors import ConflictError
from monitor.review import decisions

router = console_router()


@router.post("/kasus/{label}/persetujuan")
def approve(
    request: Request,
    case_id: CaseNumber,
    actor: SignedActor,
    session: SessionDep,
    connection: Writing,
    version: Annotated[int, Form(ge=1)],
    note: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    try:
        decisions.approve(connection, actor, case_id, version=version, note=note.strip())
    except ConflictError as error:
        return render_conflict(
            request, session, connection, case_id, error=error, yours="disetujui", note=note
        )
    return redirect(f"/kasus/{case_label(case_id)}?pesan={notices.APPROVED}")
