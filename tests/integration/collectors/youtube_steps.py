"""What the tests of YouTube share: a fake YouTube, and runs that keep their cursor."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Page, Tools
from monitor.collectors.trouble import CollectorTrouble, trouble_of
from monitor.collectors.youtube import YouTubeCollector
from monitor.domain import Source
from monitor.errors import NetraError
from monitor.net import Credentials, NetClient, NetOptions
from tests.fakes.youtube import KEY, FakeYouTube, fake_youtube

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Run:
    """Collects again and again, keeping the cursor as the pipeline does."""

    api: FakeYouTube
    net: NetClient
    folder: Path
    options: dict[str, str]
    cursor: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    def __post_init__(self) -> None:
        (self.folder / "youtube").write_text(KEY)
        self.options = {"key": "youtube", **self.options}

    @property
    def source(self) -> Source:
        return Source(
            id=1,
            name="uji",
            kind="youtube",
            options=self.options,
            every_seconds=900,
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
    def collector(self) -> YouTubeCollector:
        tools = Tools(self.net, Credentials(self.folder), lambda: self.now)
        return YouTubeCollector(tools, self.api.base)

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


@pytest.fixture
def api() -> Iterator[FakeYouTube]:
    with fake_youtube() as api:
        yield api


@pytest.fixture
def net() -> Iterator[NetClient]:
    with NetClient(NetOptions("Netra/uji", allow_private=True)) as client:
        yield client


@pytest.fixture
def make(api: FakeYouTube, net: NetClient, tmp_path: Path) -> Any:
    return lambda **options: Run(api, net, tmp_path, options)


def ids(posts: list[dict[str, Any]]) -> list[str]:
    return [post["id"] for post in posts]
