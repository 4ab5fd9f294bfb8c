"""Walks one list that the platform tells newest first, so that a killed walk is taken up again.

A list's state (part of the source's cursor):
  since   everything the platform sorts at or before this has been seen; moves only when a walk has
          come down to it, so a walk that was cut short leaves no gap
  from    floor of the very first walk, which has no `since` yet
  token   the platform's page token of an unfinished walk
  newest  the newest time seen in the unfinished walk; becomes `since` at its end
  seen    short digests of what was given out near or above `since`, with their times: posts that
          reach the index late are looked for again (OVERLAP) without giving the others twice
  whole   the list has once been walked to its end
Lists without times (reposts, followers) have `seen` only, the newest first: the first walk goes to
the end, later ones end where most is known.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.bluesky.xrpc import parse_time
from monitor.collectors.trouble import AnswerChanged

# How late a post may reach the index and still be found; so much is read again at every run.
OVERLAP = timedelta(minutes=10)
# Pages of one list in one run; the walk is remembered and the other lists get their turn.
MOST_PAGES = 20
_KEEP_TIMED, _KEEP_UNTIMED = 500, 200

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a page, as the platform gave it."""

    key: str
    # What the list is sorted by, and when the server first saw it; None where it does not say.
    sorted_at: datetime | None
    indexed_at: datetime | None
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    entries: list[Entry]
    token: str | None
    # The platform tells no more although there may be more.
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One page: what is new on it, and the state to store with it."""

    rows: list[Mapping[str, Any]]
    state: dict[str, Any]
    gap_since: datetime | None = None


def walk(
    fetch: Callable[[str | None], Batch], state: State, now: datetime, days: int
) -> Iterator[Step]:
    """Finish the walk that was cut short, then begin a new one at the newest."""
    going = _Walk(state, now, days)
    taken_up = going.token
    for _ in range(MOST_PAGES):
        try:
            batch = fetch(going.token)
        except AnswerChanged:
            if taken_up is None or going.token != taken_up:
                raise
            # A token kept from an earlier run is no longer taken: from the top, giving nothing
            # twice that is still in `seen`, and missing nothing.
            going.token = None
            batch = fetch(None)
        step = going.take(batch)
        yield step
        if going.done:
            if taken_up is None:
                return
            going, taken_up = _Walk(step.state, now, days), None


class _Walk:
    def __init__(self, state: State, now: datetime, days: int) -> None:
        self.token: str | None = state.get("token") or None
        self.done = False
        self._now = now
        self._since = parse_time(state.get("since"))
        self._from = parse_time(state.get("from")) or now - timedelta(days=days)
        self._floor = self._since - OVERLAP if self._since else self._from
        self._newest = parse_time(state.get("newest"))
        seen = state.get("seen")
        self._seen: dict[str, int] = dict(seen) if isinstance(seen, dict) else {}
        self._whole = bool(state.get("whole"))
        self._known = frozenset(self._seen) if self._whole else frozenset()
        # An unfinished walk is below what it has already seen, a new one above it.
        self._before = self._seen if self.token else {}
        self._after = {} if self.token else self._seen
        self._fresh: dict[str, int] = {}
        self._met_old = False

    def take(self, batch: Batch) -> Step:
        rows: list[Mapping[str, Any]] = []
        for entry in batch.entries:
            digest = _digest(entry.key)
            if digest in self._seen or digest in self._fresh or self._is_past(entry):
                continue
            self._fresh[digest] = _latest(entry)
            # A clock ahead of ours must not put `since` where later posts would count as old.
            if entry.sorted_at and (self._newest is None or entry.sorted_at > self._newest):
                self._newest = min(entry.sorted_at, self._now)
            rows.append(entry.row)
        old = sum(1 for entry in batch.entries if self._is_old(entry))
        self._met_old = self._met_old or old > 0
        # Most, not the first: one post out of order does not end a walk.
        reached = bool(batch.entries) and 2 * old >= len(batch.entries)
        ended = batch.token is None or batch.token == self.token
        self.token = batch.token
        gap = None
        if reached or ended:
            gap = self._since if batch.cut_off and not self._met_old else None
            self._finish()
        return Step(rows, self._state(), gap)

    def _is_past(self, entry: Entry) -> bool:
        latest = _latest(entry)
        return latest > 0 and latest < int(self._floor.timestamp())

    def _is_old(self, entry: Entry) -> bool:
        if entry.sorted_at is None:
            return _digest(entry.key) in self._known
        return entry.sorted_at <= self._floor

    def _finish(self) -> None:
        self.done = self._whole = True
        self.token = None
        if self._newest and (self._since is None or self._newest > self._since):
            self._since = self._newest
        self._newest = None
        if self._since:
            self._floor = self._since - OVERLAP

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = {
            "seen": self._kept(),
            "token": self.token,
            "whole": self._whole,
        }
        if self._since:
            state["since"] = self._since.isoformat()
        elif self._from:
            state["from"] = self._from.isoformat()
        if self._newest:
            state["newest"] = self._newest.isoformat()
        return {name: value for name, value in state.items() if value}

    def _kept(self) -> dict[str, int]:
        """What must not be given out again: timed things by their time, others by their order."""
        floor = int(self._floor.timestamp())
        seen = [*self._before.items(), *self._fresh.items(), *self._after.items()]
        timed = [(digest, at) for digest, at in seen if at >= floor]
        untimed = [(digest, at) for digest, at in seen if not at]
        timed.sort(key=lambda pair: -pair[1])
        return {**dict(timed[:_KEEP_TIMED]), **dict(untimed[:_KEEP_UNTIMED])}


def _latest(entry: Entry) -> int:
    """When it was written or first seen, whichever is later; 0 where neither is told."""
    times = [time for time in (entry.sorted_at, entry.indexed_at) if time]
    return int(max(times).timestamp()) if times else 0


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
