"""What the tests of TikTok share: the platform, a source, and runs of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Cursor, Page, Tools
from monitor.collectors.tiktok.collector import TikTokCollector
from monitor.domain import Source
from monitor.net import NetClient, NetOptions
from monitor.net.credentials import Credentials
from tests.fakes.tiktok import KEY, SECRET, FakeTikTok, fake_tiktok, video

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(clock: Clock) -> Iterator[FakeTikTok]:
    with fake_tiktok(clock) as fake:
        yield fake


@pytest.fixture
def tiktok(platform: FakeTikTok, clock: Clock, tmp_path: Path) -> Iterator[TikTokCollector]:
    (tmp_path / "kunci").write_text(KEY)
    (tmp_path / "rahasia").write_text(SECRET)
    (tmp_path / "salah").write_text("bukan")
    with NetClient(NetOptions(user_agent="Netra/uji", allow_private=True)) as net:
        yield TikTokCollector(Tools(net, Credentials(tmp_path), clock), host=platform.url)


def source(**options: str) -> Source:
    given = {
        "client_key": "kunci",
        "client_secret": "rahasia",
        "keywords": "paslon",
        "profiles": "0",
        **options,
    }
    return Source(
        id=1,
        name="uji",
        kind="tiktok",
        options=given,
        every_seconds=3600,
        status="active",
        sample=False,
        cursor={},
        created_at=NOW,
        due_at=None,
        last_run_at=None,
        last_error="",
        region="33.14",
    )


class Run:
    def __init__(self, collector: TikTokCollector, of: Source, cursor: Cursor, pages: int | None):
        self.cursor = cursor
        self.pages: list[Page] = []
        for page in islice(collector.collect(of, cursor), pages):
            self.pages.append(page)
            self.cursor = page.cursor

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [post for page in self.pages for post in page.items]

    @property
    def ids(self) -> list[str]:
        return [post["id"] for post in self.posts]


def run(
    collector: TikTokCollector, of: Source, cursor: Cursor | None = None, pages: int | None = None
) -> Run:
    return Run(collector, of, cursor or {}, pages)


def fill(platform: FakeTikTok, count: int, hours: float = 1) -> None:
    platform.videos = [video(n, NOW - timedelta(hours=hours * n)) for n in range(count)]


def ids_of(items: list[dict[str, Any]]) -> list[str]:
    return sorted(str(item["id"]) for item in items)
