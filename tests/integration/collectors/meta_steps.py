"""What the tests of Facebook, Instagram and Threads share: sources, tools, and runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Collector, Cursor, Page, Tools
from monitor.collectors.meta.facebook import FacebookCollector
from monitor.domain import Source
from monitor.net import NetClient, NetOptions
from monitor.net.credentials import Credentials
from tests.fakes.meta import TOKEN, FakeMeta, fake_meta

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@contextmanager
def meta_tools(folder: Path, clock: Clock) -> Iterator[Tools]:
    (folder / "meta").write_text(TOKEN)
    (folder / "rahasia").write_text("rahasia-aplikasi")
    with NetClient(NetOptions(user_agent="Netra/uji", allow_private=True)) as net:
        yield Tools(net, Credentials(folder), clock)


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with fake_meta() as fake:
        yield fake


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def facebook(meta: FakeMeta, clock: Clock, tmp_path: Path) -> Iterator[FacebookCollector]:
    with meta_tools(tmp_path, clock) as tools:
        yield FacebookCollector(tools, host=meta.url)


def source_of(kind: str, **options: str) -> Source:
    return Source(
        id=1,
        name="uji",
        kind=kind,
        options={"token": "meta", **options},
        every_seconds=900,
        status="active",
        sample=False,
        cursor={},
        created_at=NOW,
        due_at=None,
        last_run_at=None,
        last_error="",
        region="33.14",
    )


def pages(*names: str, **options: str) -> Source:
    return source_of("facebook", accounts=",".join(names), **{"comment_days": "0", **options})


def run(collector: Collector, source: Source, cursor: Cursor, pages: int | None = None) -> "Run":
    """Take pages until the run ends, or is killed after so many of them."""
    taken = Run([], cursor)
    for page in islice(collector.collect(source, cursor), pages):
        taken.pages.append(page)
        taken.cursor = page.cursor
    return taken


class Run:
    def __init__(self, pages: list[Page], cursor: Cursor) -> None:
        self.pages = pages
        self.cursor = cursor

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [post for page in self.pages for post in page.items]

    @property
    def ids(self) -> list[str]:
        return [post["id"] for post in self.posts]

    def post(self, identity: str) -> Mapping[str, Any]:
        return next(post for post in self.posts if post["id"] == identity)
