"""Taking the next case, keeping it a while longer, giving it back."""

from fastapi import Response

from api.console import notices, queue_page
from api.console.routing import CaseNumber, SignedActor, console_router, redirect
from api.deps import Writing
from monitor.domain import case_label
from monitor.review import queues

router = console_router()


@router.post("/antrean/ambil")
def claim(actor: SignedActor, connection: Writing) -> Response:
    case = queues.claim_next(connection, actor)
    if case is None:
        return redirect(f"{queue_page.PATH}?pesan={notices.NONE_LEFT}")
    return redirect(f"/kasus/{case_label(case.id)}")


@router.post("/kasus/{label}/perpanjang")
def renew(case_id: CaseNumber, actor: SignedActor, connection: Writing) -> Response:
    queues.renew_lease(connection, actor, case_id)
    return redirect(f"/kasus/{case_label(case_id)}?pesan={notices.RENEWED}")


@router.post("/kasus/{label}/lepas")
def release(case_id: CaseNumber, actor: SignedActor, connection: Writing) -> Response:
    queues.release_lease(connection, actor, case_id)
    return redirect(f"{queue_page.PATH}?pesan={notices.RELEASED}")
