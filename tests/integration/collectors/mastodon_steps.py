"""What the tests of Mastodon share: a server, and a run that keeps its cursor."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Page, Tools
from monitor.collectors.mastodon import MASTODON
from monitor.collectors.trouble import CollectorTrouble, trouble_of
from monitor.domain import Source
from monitor.errors import NetraError
from monitor.net import Credentials, NetClient, NetOptions
from tests.fakes.mastodon import FakeMastodon, fake_mastodon

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Run:
    """Collects again and again, keeping the cursor as the pipeline does."""

    server: FakeMastodon
    net: NetClient
    folder: Path
    options: dict[str, str]
    cursor: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.options = {"server": self.server.url, **self.options}

    @property
    def source(self) -> Source:
        return Source(
            id=1,
            name="uji",
            kind="mastodon",
            options=self.options,
            every_seconds=300,
            status="active",
            sample=False,
            cursor=self.cursor,
            created_at=NOW,
            due_at=None,
            last_run_at=None,
            last_error="",
            region="33.14",
        )

    @property
    def collector(self) -> Any:
        return MASTODON.build(Tools(self.net, Credentials(self.folder), lambda: self.now))

    def pages(self, stop_after: int | None = None) -> list[Page]:
        """Take pages as a process does that is killed after so many of them."""
        pages: list[Page] = []
        for page in self.collector.collect(self.source, self.cursor):
            pages.append(page)
            self.cursor = dict(page.cursor)
            if stop_after is not None and len(pages) >= stop_after:
                break
        return pages

    def posts(self, stop_after: int | None = None) -> list[dict[str, Any]]:
        return [item for page in self.pages(stop_after) for item in page.items]

    def trouble(self) -> CollectorTrouble:
        with pytest.raises(NetraError) as caught:
            self.pages()
        return trouble_of(caught.value)


@pytest.fixture(name="server")
def serve_mastodon() -> Iterator[FakeMastodon]:
    with fake_mastodon() as server:
        server.account("guru")
        yield server


@pytest.fixture(name="net")
def open_net() -> Iterator[NetClient]:
    with NetClient(NetOptions("Netra/uji", allow_private=True)) as client:
        yield client


@pytest.fixture(name="by_tag")
def run_by_tag(server: FakeMastodon, net: NetClient, tmp_path: Path) -> Run:
    return Run(server, net, tmp_path, {"hashtags": "#Pilkada", "likes": "tidak"})


def ids(posts: list[dict[str, Any]]) -> list[str]:
    return [post["id"].rpartition("/")[2] for post in posts]


def fill(server: FakeMastodon, count: int, *, ago: timedelta = timedelta(hours=5)) -> list[str]:
    """Return the ids, oldest first."""
    return [server.post(NOW - ago + timedelta(minutes=n))["id"] for n in range(count)]
