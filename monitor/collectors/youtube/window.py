"""Walks a list that comes newest first, so that a kill after any page neither loses nor repeats.

`token` is the next page of an unfinished walk and `newest` where it began: when the walk has come
down to `since`, that moves to `newest`. What is new may show a little late, so `since` stays
`late` behind, and `seen` holds what was already given from that time on, with its time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.youtube.client import Listing, StaleToken

LATE = timedelta(minutes=15)
# More of them within LATE than this is one very busy list; its oldest may then be given twice.
SEEN = 300
# A pinned comment stands before newer ones: only several old ones in a row end a walk.
_ENOUGH = 3

Fetch = Callable[[str, str], Listing | None]
Key = Callable[[Any], tuple[str, datetime | None]]


@dataclass(slots=True)
class Window:
    since: str = ""
    token: str = ""
    newest: str = ""
    etag: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Window":
        return cls(**{name: state[name] for name in cls.__slots__ if name in state})

    def state(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    def floor(self, oldest: datetime) -> datetime:
        return datetime.fromisoformat(self.since) if self.since else oldest

    def begin(self, times: list[datetime], settled: datetime) -> None:
        self.newest = min(max(times, default=settled), settled).isoformat()

    def give(self, name: str, at: datetime | None) -> None:
        if at is not None and at >= datetime.fromisoformat(self.newest):
            self.seen = {**self.seen, name: at.isoformat()}

    def finish(self) -> None:
        if not self.since or self.newest > self.since:
            self.since = self.newest
        start = datetime.fromisoformat(self.since)
        kept = [(at, name) for name, at in self.seen.items() if datetime.fromisoformat(at) >= start]
        self.seen = {name: at for at, name in sorted(kept)[-SEEN:]}
        self.token = self.newest = ""


def walk(
    window: Window,
    fetch: Fetch,
    key: Key,
    *,
    now: datetime,
    oldest: datetime,
    pages: int,
    late: timedelta = LATE,
) -> Iterator[list[Any]]:
    """Yield the new items of each page; the window is then the one to store with them."""
    given: set[str] = set()
    for _ in range(pages):
        try:
            listing = fetch(window.token, "" if window.token else window.etag)
        except StaleToken:
            # From the top again; what was given meanwhile is known to the database.
            window.token = window.etag = ""
            listing = fetch("", "")
        if listing is None:
            return
        keys = [key(item) for item in listing.items]
        if not window.token:
            window.begin([at for _, at in keys if at is not None], now - late)
            window.etag = listing.etag
        floor = window.floor(oldest)
        fresh = []
        for item, (name, at) in zip(listing.items, keys, strict=True):
            if name in given or name in window.seen or (at is not None and at < floor):
                continue
            given.update([name] if name else [])
            fresh.append(item)
            window.give(name, at)
        last = [at for _, at in keys[-_ENOUGH:]]
        reached = all(at is not None and at < floor for at in last)
        if reached or not listing.next_token or listing.next_token == window.token:
            window.finish()
        else:
            window.token = listing.next_token
        yield fresh
        if not window.token:
            return
