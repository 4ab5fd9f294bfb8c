"""What the tests of the Bluesky collector share: a fake server, a source, a run."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Page, Tools
from monitor.collectors.bluesky import BlueskyCollector
from monitor.collectors.trouble import (
    CollectorTrouble,
    trouble_of,
)
from monitor.domain import Source
from monitor.net import Credentials, NetClient, NetOptions
from tests.fakes.bluesky import FakeBluesky, fake_bluesky

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PASSWORD = "abcd-efgh-ijkl-mnop"


def ago(**how_long: float) -> datetime:
    return NOW - timedelta(**how_long)


@dataclass
class Run:
    """Collects again and again, keeping the cursor as the pipeline does."""

    server: FakeBluesky
    net: NetClient
    folder: Path
    options: dict[str, str]
    page: int = 100
    cursor: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def source(self) -> Source:
        return Source(
            id=1,
            name="uji",
            kind="bluesky",
            options={"server": self.server.url, "login_server": self.server.url, **self.options},
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
    def collector(self) -> BlueskyCollector:
        tools = Tools(self.net, Credentials(self.folder), lambda: self.now)
        return BlueskyCollector(tools, self.page)

    def pages(self, stop_after: int | None = None) -> list[Page]:
        """Take pages as a process does that is killed after so many of them."""
        pages: list[Page] = []
        for page in self.collector.collect(self.source, self.cursor):
            pages.append(page)
            self.cursor = dict(page.cursor)
            if stop_after is not None and len(pages) >= stop_after:
                break
        return pages

    def ids(self, stop_after: int | None = None) -> list[str]:
        return [item["id"] for item in self.items(stop_after)]

    def items(self, stop_after: int | None = None) -> list[dict[str, Any]]:
        return [item for page in self.pages(stop_after) for item in page.items]

    def trouble(self) -> CollectorTrouble:
        with pytest.raises(Exception) as caught:
            self.pages()
        assert isinstance(caught.value, Exception)
        return trouble_of(caught.value)

    def look(self, post_id: str, **further: Any) -> Any:
        return self.collector.look(self.source, {"id": post_id, **further})


@pytest.fixture
def server() -> Iterator[FakeBluesky]:
    with fake_bluesky() as fake:
        fake.profile("sari")
        yield fake


@pytest.fixture
def net() -> Iterator[NetClient]:
    with NetClient(NetOptions(user_agent="Netra/uji", allow_private=True)) as client:
        yield client


@pytest.fixture
def search(server: FakeBluesky, net: NetClient, tmp_path: Path) -> Run:
    return Run(server, net, tmp_path, {"mode": "search", "query": "coblos"})


@pytest.fixture
def session(server: FakeBluesky, search: Run, tmp_path: Path) -> Run:
    """A search with the institution's own account; each test's server is another one."""
    server.password = PASSWORD
    (tmp_path / "bluesky").write_text(PASSWORD)
    search.options |= {"account": "lembaga.example.go.id", "app_password": "bluesky"}
    return search


@pytest.fixture
def reactions(server: FakeBluesky, search: Run) -> Run:
    candidate = server.profile("calon", bio="Paslon 2")
    server.post(ago(days=1), "Pilih nomor 2", author=candidate, key="3kjanji")
    search.options = {
        "mode": "reactions",
        "posts": "https://bsky.app/profile/calon.bsky.social/post/3kjanji",
    }
    return search
