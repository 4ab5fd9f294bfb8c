"""A platform that does as it is told: numbered posts, pages, troubles in their turn, own clock.

The cursor is how many posts were taken. What it serves is counted, to compare with the ledger.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from monitor import clock
from monitor.collectors import KINDS
from monitor.collectors.base import Collector, Cursor, Kind, Option, Page, Tools
from monitor.domain import Source
from tests.builders import make_citizen_post

KIND = "naskah"


class MovingClock:
    """Netra's clock, moved by hand."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)) -> None:
        self.now = start

    def advance(self, **how_far: float) -> datetime:
        self.now += timedelta(**how_far)
        return self.now

    @contextmanager
    def running(self) -> Iterator["MovingClock"]:
        with clock.frozen(lambda: self.now):
            yield self


@dataclass
class Account:
    """What the platform holds for one source."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    # Raised in their turn before a page is given; None lets one page pass.
    troubles: deque[BaseException | None] = field(default_factory=deque)
    asked: int = 0
    # How often each page was given, by where it began and what it held.
    pages: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def served(self) -> int:
        """Posts given, those of a page given twice once."""
        return sum(count for _, count in self.pages)

    @property
    def repeated(self) -> int:
        return self.pages.total() - len(self.pages)

    def publish(self, name: str, count: int) -> None:
        start = len(self.posts)
        self.posts += [make_citizen_post(id=f"{name}-{start + n}") for n in range(count)]


@dataclass
class Platform:
    page_size: int = 2
    cost: int = 1
    gap_since: datetime | None = None
    accounts: dict[str, Account] = field(default_factory=dict)
    # Called before each page with the source's name: a test does something in the middle.
    before_page: Callable[[str], None] = lambda name: None
    seen_options: list[Mapping[str, str]] = field(default_factory=list)

    def account(self, name: str) -> Account:
        return self.accounts.setdefault(name, Account())

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        account, taken = self.account(source.name), int(cursor.get("taken", 0))
        self.seen_options.append(dict(source.options))
        while True:
            account.asked += 1
            trouble = account.troubles.popleft() if account.troubles else None
            if trouble is not None:
                raise trouble
            items = account.posts[taken : taken + self.page_size]
            if not items:
                return
            self.before_page(source.name)
            account.pages[taken, len(items)] += 1
            taken += len(items)
            yield Page(list(items), {"taken": taken}, cost=self.cost, gap_since=self.gap_since)
            if taken >= len(account.posts):
                return


def a_number(text: str) -> None:
    if not text.isdigit():
        raise ValueError("harus bilangan")


def register(
    monkeypatch: pytest.MonkeyPatch, platform: Collector, name: str = KIND, **changes: Any
) -> Kind:
    """Add a kind to the registry for one test."""

    def build(tools: Tools) -> Collector:
        return platform

    options = (
        Option("query", "Kata yang dicari"),
        Option("limit", "Banyaknya", default="7", check=a_number),
        Option("accounts", "Akun, dipisah koma"),
    )
    values: dict[str, Any] = {"title": "Naskah", "platform": "other", "options": options}
    kind = Kind(name=name, build=build, **{**values, "least_seconds": 1, **changes})
    monkeypatch.setitem(cast("dict[str, Kind]", KINDS), name, kind)
    return kind
