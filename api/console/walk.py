"""From a case to its neighbours in the queue, with the filters it was opened under."""

from fastapi import Response

from api.console import notices
from api.console.queue_query import QueueQueryDep
from api.console.routing import ActorDep, CaseNumber, console_router, redirect
from api.deps import Reading
from monitor.domain import Case, case_label
from monitor.review.queues import get_case
from monitor.storage import Connection
from monitor.storage.cases import CaseFilter, QueuePosition, list_cases

_PAGE = 100

router = console_router()


@router.get("/kasus/{label}/sesudah")
def show_following(
    case_id: CaseNumber, actor: ActorDep, query: QueueQueryDep, connection: Reading
) -> Response:
    here = _position(get_case(connection, case_id))
    found = list_cases(connection, query.wanted(), after=here, limit=1)
    if not found:
        return redirect(query.address(f"/kasus/{case_label(case_id)}", pesan=notices.LAST))
    return redirect(query.address(f"/kasus/{case_label(found[0].id)}"))


@router.get("/kasus/{label}/sebelum")
def show_preceding(
    case_id: CaseNumber, actor: ActorDep, query: QueueQueryDep, connection: Reading
) -> Response:
    here = _position(get_case(connection, case_id))
    found = _find_preceding(connection, query.wanted(), here)
    if found is None:
        return redirect(query.address(f"/kasus/{case_label(case_id)}", pesan=notices.FIRST))
    return redirect(query.address(f"/kasus/{case_label(found.id)}"))


def _find_preceding(connection: Connection, wanted: CaseFilter, here: QueuePosition) -> Case | None:
    """Read the queue from its head: it can only be walked forward."""
    before: Case | None = None
    position: QueuePosition | None = None
    while True:
        page = list_cases(connection, wanted, after=position, limit=_PAGE)
        for case in page:
            position = _position(case)
            if (-position.priority, position.case_id) >= (-here.priority, here.case_id):
                return before
            before = case
        if len(page) < _PAGE:
            return before


def _position(case: Case) -> QueuePosition:
    return QueuePosition(case.priority, case.id)
