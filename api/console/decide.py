"""One button decides and brings the next case; ten seconds to take it back."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

from api.console import notices, queue_page, wording
from api.console.case_page import render_case
from api.console.choices import CHOICES
from api.console.conflict import render_conflict
from api.console.next_case import take_next
from api.console.render import render
from api.console.routing import (
    CaseNumber,
    SessionDep,
    SignedActor,
    console_router,
    own_page,
    redirect,
)
from api.deps import RuntimeDep, Writing
from api.schemas.common import CleanText
from monitor.domain import case_label
from monitor.errors import ConflictError, InputError
from monitor.review import decisions

# The largest number a database column holds.
_MAXIMUM = 2**63 - 1

router = console_router()


@router.post("/kasus/{label}/keputusan")
def decide(
    request: Request,
    runtime: RuntimeDep,
    case_id: CaseNumber,
    actor: SignedActor,
    session: SessionDep,
    connection: Writing,
    decision: Annotated[CleanText, Form(max_length=32)],
    version: Annotated[int, Form(ge=1)],
    note: Annotated[str, Form()] = "",
) -> Response:
    choice = CHOICES.get(decision)
    if choice is None:
        raise InputError("Keputusan itu tidak dikenal; pakai tombol pada halaman kasus.")
    typed = note.strip()
    try:
        made = decisions.decide(connection, actor, case_id, choice.opinion(version, typed))
    except ConflictError as error:
        yours = wording.named(wording.DECISIONS, choice.decision)
        said = choice.opinion(version, typed).note
        return render_conflict(
            request, session, connection, case_id, error=error, yours=yours, note=said
        )
    except InputError as error:
        return render_case(
            request, session, actor, connection, case_id, note=note, error=error.detail, status=422
        )
    following = take_next(connection, actor)
    query = notices.decision_query(made)
    if following is None:
        return redirect(f"{queue_page.PATH}?{query}&pesan={notices.NONE_LEFT}")
    return redirect(f"/kasus/{case_label(following.id)}?{query}")


@router.post("/kasus/{label}/keputusan/{decision_id}/batal")
def undo(
    request: Request,
    case_id: CaseNumber,
    decision_id: Annotated[int, Path(ge=1, le=_MAXIMUM)],
    actor: SignedActor,
    session: SessionDep,
    connection: Writing,
    kembali: Annotated[CleanText, Form(max_length=500)] = "",
) -> Response:
    try:
        decisions.undo(connection, actor, case_id, decision_id)
    except ConflictError as error:
        return render(
            request,
            "galat.html",
            status=error.status,
            session=session,
            title=error.title,
            detail=error.detail,
            back=own_page(kembali, queue_page.PATH),
        )
    return redirect(f"/kasus/{case_label(case_id)}?pesan={notices.UNDONE}")
