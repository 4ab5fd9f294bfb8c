"""Walks a list that is served newest first, so that a kill loses nothing and repeats nothing.

The state of one list (a page, an account, a hashtag, a keyword) is

    since   everything up to this second has been stored by a walk that was finished
    after   the platform's cursor of a walk that is not finished yet
    newest  the newest second seen in that unfinished walk
    seen    ids already stored at or after `since` less the overlap

`since` moves to `newest` only when the walk has reached the old `since`; a process that is killed
goes on at `after`. Meta says that cursors may not be kept for long ("your app shouldn't store
cursors"): one that is refused is thrown away and the walk begins again from the newest, which
`seen` and the database keep from doubling anything. Order is not relied on: every item is
compared by itself, and a walk ends where the list ends or after two pages of old items.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.meta.graph_errors import ParameterRefused

State = Mapping[str, Any]

# Newest kept: an id lost from here is asked of the database, which knows it.
_SEEN_LIMIT = 500
_OLD_PAGES = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One item with its stable id and, where the platform gives it, its second since 1970."""

    id: str
    at: int | None
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer; `after` is empty where the list ends. `size` counts unreadable items too."""

    entries: list[Entry]
    after: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is new in one answer, and the state to store with it."""

    fresh: list[Entry]
    state: dict[str, Any]
    finished: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """`start`: where the first walk ends. `overlap`: how late an item may turn up."""

    start: datetime
    now: datetime
    overlap: timedelta = timedelta(0)
    pages: int = 20


Fetch = Callable[[int, str], Batch]


def walk(state: State, fetch: Fetch, bounds: Bounds) -> Iterator[Step]:
    """Yield a step per answer. `fetch(since, after)` asks for items from that second on."""
    walking = _Walk(state, bounds)
    for _ in range(bounds.pages):
        try:
            batch = fetch(walking.floor, walking.after)
        except ParameterRefused:
            if not walking.forget_cursor():
                raise
            continue
        step = walking.take(batch)
        yield step
        if step.finished:
            return


class _Walk:
    def __init__(self, state: State, bounds: Bounds) -> None:
        self._now = int(bounds.now.timestamp())
        self._overlap = int(bounds.overlap.total_seconds())
        self._since = int(state.get("since", bounds.start.timestamp()))
        self.after = str(state.get("after", ""))
        self._stored_cursor = bool(self.after)
        self._newest = int(state.get("newest", self._since))
        self._seen: dict[str, int] = dict(state.get("seen", {}))
        self._visited: set[str] = set()
        self._old_pages = 0

    @property
    def floor(self) -> int:
        return max(0, self._since - self._overlap)

    def forget_cursor(self) -> bool:
        """Begin again from the newest, once, and only where the refused cursor was an old one."""
        forgotten, self._stored_cursor = self._stored_cursor, False
        self.after = ""
        return forgotten

    def take(self, batch: Batch) -> Step:
        self._stored_cursor = False
        fresh = []
        news = False
        for entry in batch.entries:
            news = news or entry.id not in self._visited
            self._visited.add(entry.id)
            if self._is_fresh(entry):
                fresh.append(entry)
                self._remember(entry)
        old = bool(batch.entries) and all(self._is_old(entry) for entry in batch.entries)
        self._old_pages = self._old_pages + 1 if old else 0
        # An empty page may have a next one; a page of things just seen is a loop.
        looped = bool(batch.entries) and not news
        finished = not batch.after or looped or self._old_pages >= _OLD_PAGES
        self.after = batch.after
        return Step(fresh, self._finish() if finished else self._unfinished(), finished)

    def _is_old(self, entry: Entry) -> bool:
        return entry.at is not None and entry.at < self.floor

    def _is_fresh(self, entry: Entry) -> bool:
        return not self._is_old(entry) and entry.id not in self._seen

    def _remember(self, entry: Entry) -> None:
        # A clock ahead of ours must not move the mark past what is still to come.
        at = self._now if entry.at is None else min(entry.at, self._now)
        self._seen[entry.id] = at
        self._newest = max(self._newest, at)

    def _kept(self, floor: int) -> dict[str, int]:
        recent = [(seen, at) for seen, at in self._seen.items() if at >= floor]
        recent.sort(key=lambda pair: pair[1])
        return dict(recent[-_SEEN_LIMIT:])

    def _finish(self) -> dict[str, Any]:
        self._since = self._newest
        return {"since": self._since, "seen": self._kept(self.floor)}

    def _unfinished(self) -> dict[str, Any]:
        return {
            "since": self._since,
            "after": self.after,
            "newest": self._newest,
            "seen": self._kept(self.floor),
        }
