"""The queue: open cases by risk, what waits unscored, and the way to the next case."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request, Response

from api.console import notices
from api.console.next_case import list_held
from api.console.queue_query import ALL, OPEN, QueueQueryDep
from api.console.render import render
from api.console.routing import ActorDep, SessionDep, console_router
from api.console.wording import PLATFORMS, STATUSES, named
from api.deps import Reading, RuntimeDep
from api.pagination import decode_position, encode_position
from api.schemas.common import CleanText
from models.labels import Act
from monitor.clock import today
from monitor.domain import Case, case_label
from monitor.reference.regions import region_name
from monitor.reference.skb import act_rule
from monitor.storage.cases import QueuePosition, list_cases
from monitor.storage.posts import backlog

PATH = "/antrean"
_PAGE = 25
_LINE = 160

router = console_router()


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it."""

    case: Case
    address: str
    author: str
    line: str
    act: str
    region: str
    platform: str


@router.get(PATH)
def show_queue(
    request: Request,
    runtime: RuntimeDep,
    session: SessionDep,
    actor: ActorDep,
    query: QueueQueryDep,
    connection: Reading,
    cursor: Annotated[CleanText, Query(max_length=64)] = "",
    pesan: Annotated[CleanText, Query(max_length=32)] = "",
    putusan: Annotated[CleanText, Query(max_length=32)] = "",
) -> Response:
    after = decode_position(cursor) if cursor else None
    found = list_cases(connection, query.wanted(), after=after, limit=_PAGE + 1)
    page, more = found[:_PAGE], len(found) > _PAGE
    last = encode_position(QueuePosition(page[-1].priority, page[-1].id)) if more else ""
    return render(
        request,
        "antrean.html",
        session=session,
        notice=notices.of_step_before(connection, actor, message=pesan, decided=putusan),
        query=query,
        rows=[_row(case, query.address(f"/kasus/{case_label(case.id)}")) for case in page],
        held=list_held(connection, actor),
        backlog=backlog(connection),
        model_error=runtime.classifier.error,
        statuses={OPEN: "semua yang terbuka", **STATUSES, ALL: "semua, juga yang selesai"},
        acts={act: act_rule(act, today()).name for act in Act},
        later=query.address(PATH, cursor=last) if more else "",
        first=query.address(PATH) if cursor else "",
    )


def _row(case: Case, address: str) -> Row:
    author = case.post.get("author") or {}
    day = (case.posted_at or case.collected_at).date()
    return Row(
        case=case,
        address=address,
        author=author.get("name") or author.get("handle") or "",
        line=_first_line(case),
        act=act_rule(case.act, day).name,
        region=region_name(case.region),
        platform=named(PLATFORMS, case.post["platform"]),
    )


def _first_line(case: Case) -> str:
    """The first line that says something; of a picture without words, its caption."""
    text = case.post.get("text") or ""
    caption = case.post.get("media_alt") or ""
    shown = text if text.strip() else f"[gambar] {caption}"
    line = next((line.strip() for line in shown.splitlines() if line.strip()), "")
    return line if len(line) <= _LINE else f"{line[:_LINE].rstrip()}…"
