"""Walks a search or a timeline of X from the newest post back to the last one known.

X gives the newest first. So the cursor keeps the unfinished walk: `since` (the newest post of the
last finished walk), `token` (the next, older page) and `newest` (what `since` becomes when the
walk is through). After a kill the walk goes on with the same token, which X says never expires;
`since` moves only once everything in between has been stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from monitor.collectors.trouble import AnswerChanged
from monitor.collectors.x.client import StartRefused, XClient
from monitor.collectors.x.mapping import FIELDS, data_of

PAGE_SIZE = 100
# docs.x.com/resources/fundamentals/x-ids: an id holds its time, in milliseconds after this.
_FIRST_ID_AT = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where one search or timeline stands; `left` bounds the very first walk, which has no end."""

    since: str = ""
    token: str = ""
    newest: str = ""
    left: int | None = None

    @classmethod
    def of(cls, stored: object, first_posts: int) -> "Walk":
        parts = stored if isinstance(stored, dict) else {}
        since, token, newest = (str(parts.get(name) or "") for name in ("since", "token", "newest"))
        walk = cls(since, token, newest)
        left = parts.get("left")
        if not walk.since and not walk.token:
            left = first_posts
        return replace(walk, left=left if isinstance(left, int) else None)

    def stored(self) -> dict[str, Any]:
        parts = {"since": self.since, "token": self.token, "newest": self.newest, "left": self.left}
        return {name: value for name, value in parts.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of X and the walk as it stands once that answer has been stored."""

    body: Mapping[str, Any]
    walk: Walk
    gap_since: datetime | None = None


def steps(
    client: XClient, path: str, params: Mapping[str, str], walk: Walk, *, page_parameter: str
) -> Iterator[Step]:
    """Finish an interrupted walk, then take what has been posted since."""
    rounds = 2 if walk.token else 1
    gap_since: datetime | None = None
    while rounds:
        asked = {**params, **FIELDS, "max_results": str(PAGE_SIZE)}
        if walk.since:
            asked["since_id"] = walk.since
        if walk.token:
            asked[page_parameter] = walk.token
        try:
            body = client.get(path, asked)
        except StartRefused:
            if walk.token:
                # The page token is void: start the same walk again. What comes twice is told apart
                # by its id.
                walk = replace(walk, token="")
            elif walk.since:
                # Older than the seven days X searches: take all there is, say what is lost.
                gap_since = posted_at(walk.since)
                walk = Walk()
            else:
                raise
            continue
        walk, through = _after(walk, body)
        yield Step(body, walk, gap_since)
        gap_since = None
        rounds -= through


def posted_at(post_id: str) -> datetime | None:
    """Return the time inside a post's id."""
    if not _is_id(post_id):
        return None
    try:
        return _FIRST_ID_AT + timedelta(milliseconds=int(post_id) >> 22)
    except OverflowError:
        return None


def _after(walk: Walk, body: Mapping[str, Any]) -> tuple[Walk, bool]:
    """Return the walk after an answer, and whether it is through."""
    meta = body.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    items = data_of(body)
    if not items and meta.get("result_count") != 0 and not body.get("errors"):
        raise AnswerChanged(
            "Jawaban X tidak memuat data maupun jumlahnya. Laporkan kepada pengelola Netra."
        )
    seen = [walk.newest, walk.since, meta.get("newest_id"), *(item.get("id") for item in items)]
    ids = [int(one) for one in seen if _is_id(one)]
    newest = str(max(ids)) if ids else ""
    left = None if walk.left is None else walk.left - len(items)
    token = meta.get("next_token")
    # The same token again would be a walk in a circle.
    if not isinstance(token, str) or token in ("", walk.token) or (left is not None and left <= 0):
        return Walk(since=newest), True
    return Walk(since=walk.since, token=token, newest=newest, left=left), False


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdigit()
