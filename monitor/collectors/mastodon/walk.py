"""Walks a timeline so that a kill after any stored page neither loses nor repeats a post.

Forward: `min_id` gives the posts right after an id, so every page moves the cursor on.

Back: the first time, and for search, which only knows newest first. `until` remembers how far the
walk has come and `newest` where it began; `since` moves there when the walk has reached its end.

A server files posts from other servers under the time they were written, not the time they
arrived. So `since` stays LATE behind, and `seen` holds the ids after it that were already given.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.mastodon.client import Listing

LATE = timedelta(minutes=15)
# Per run and stream: the walk goes on in the next run, other streams get their turn.
PAGES = 25
SEEN = 500

Fetch = Callable[[Mapping[str, str]], Listing]


@dataclass(slots=True)
class Stream:
    since: str = ""
    until: str = ""
    newest: str = ""
    seen: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Stream":
        return cls(**{name: state[name] for name in cls.__slots__ if name in state})

    def state(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    def is_new(self, status: str) -> bool:
        return status not in self.seen and (not self.since or _order(status) > _order(self.since))

    def settle(self, since: str, given: list[str]) -> None:
        """Move `since` on, never back, and keep what was given after it."""
        self.since = max(self.since, since, key=_order)
        after = {status for status in (*self.seen, *given) if _order(status) > _order(self.since)}
        self.seen = sorted(after, key=_order)
        if len(self.seen) > SEEN:
            self.since = self.seen[-SEEN - 1]
            self.seen = self.seen[-SEEN:]


def walk(
    stream: Stream, fetch: Fetch, *, now: datetime, oldest: datetime, forward: bool
) -> Iterator[list[Any]]:
    """Yield each page's new statuses; the stream's state is then the one to store with them."""
    started = bool(stream.since) and not stream.until
    if not (forward and started):
        yield from _back(stream, fetch, now, oldest)
    if forward and started:
        yield from _forward(stream, fetch, now)


def _back(stream: Stream, fetch: Fetch, now: datetime, oldest: datetime) -> Iterator[list[Any]]:
    given: set[str] = set()
    for _ in range(PAGES):
        listing = fetch({"max_id": stream.until} if stream.until else {})
        ids = _ids(listing.items)
        # Of the first page, or of the first one that reaches back to LATE.
        stream.newest = stream.newest or _settled(listing.items, now)
        fresh = _fresh(stream, listing.items, given)
        if not stream.since:
            fresh = [item for item in fresh if not _is_before(item, oldest)]
        after = [status for status in ids if _order(status) > _order(stream.newest)]
        stream.seen = list(dict.fromkeys((*stream.seen, *after)))
        below = _below(listing, ids)
        stuck = bool(stream.until) and _order(below) >= _order(stream.until)
        if not below or stuck or _reached(stream, listing.items, ids, oldest):
            stream.until, newest, stream.newest = "", stream.newest, ""
            stream.settle(newest, [])
        else:
            stream.until = below
        yield fresh
        if not stream.until:
            return


def _forward(stream: Stream, fetch: Fetch, now: datetime) -> Iterator[list[Any]]:
    given: set[str] = set()
    position = stream.since
    for _ in range(PAGES):
        listing = fetch({"min_id": position})
        fresh = _fresh(stream, listing.items, given)
        ids = _ids(listing.items)
        if ids:
            stream.settle(_settled(listing.items, now), ids)
        yield fresh
        step = max((*ids, listing.newer or ""), key=_order)
        if _order(step) <= _order(position):
            return
        position = step


def _fresh(stream: Stream, items: list[Any], given: set[str]) -> list[Any]:
    """Return what was not given before; what has no id goes on, to be counted as unreadable."""
    fresh = []
    for item in items:
        status = _id(item)
        if status and (status in given or not stream.is_new(status)):
            continue
        given.add(status)
        fresh.append(item)
    return fresh


def _settled(items: list[Any], now: datetime) -> str:
    """Return the greatest id old enough that nothing should still arrive before it, else ""."""
    old = [status for item in items if (status := _id(item)) and _is_before(item, now - LATE)]
    return max(old, key=_order, default="")


def _below(listing: Listing, ids: list[str]) -> str:
    if listing.older is not None:
        return listing.older
    return min(ids, key=_order, default="")


def _reached(stream: Stream, items: list[Any], ids: list[str], oldest: datetime) -> bool:
    if not ids:
        return True
    if stream.since:
        return _order(min(ids, key=_order)) <= _order(stream.since)
    return all(_is_before(item, oldest) for item in items if _id(item))


def _is_before(item: Any, moment: datetime) -> bool:
    """Tell by the post's own time; one that cannot be read counts as just written."""
    try:
        written = datetime.fromisoformat(item["created_at"])
    except (KeyError, TypeError, ValueError):
        return False
    return written.tzinfo is not None and written < moment


def _ids(items: list[Any]) -> list[str]:
    return [status for item in items if (status := _id(item))]


def _id(item: Any) -> str:
    value = item.get("id") if isinstance(item, Mapping) else None
    return value if isinstance(value, str) else ""


def _order(status: str) -> tuple[int, str]:
    """Ids are numbers, ULIDs or flakes: within one server the longer, then the greater is later."""
    return len(status), status
