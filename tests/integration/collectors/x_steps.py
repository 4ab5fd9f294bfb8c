"""What the tests of X share: a fake X, a collector that asks it, and runs of a source."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Tools
from monitor.collectors.x import XCollector
from monitor.domain import Source
from monitor.net import Credentials, NetClient, NetOptions
from tests.fakes.x import TOKEN, FakeX
from tests.http_server import local_server
from tests.integration.collectors.walk_steps import run as walk

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SEARCH = "/2/tweets/search/recent"
TIMELINE = "/2/users/7/tweets"


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with local_server() as server:
        yield FakeX(server)


@pytest.fixture(scope="module")
def net() -> Iterator[NetClient]:
    with NetClient(NetOptions("Netra/uji", allow_private=True)) as client:
        yield client


@pytest.fixture
def tools(net: NetClient, tmp_path: Path) -> Tools:
    (tmp_path / "x-token").write_text(TOKEN)
    return Tools(net, Credentials(tmp_path), lambda: NOW)


@pytest.fixture
def collector(tools: Tools, fake: FakeX) -> XCollector:
    return XCollector(tools, fake.server.url)


def make_source(region: str = "", **options: str) -> Source:
    return Source(
        id=1,
        name="x-uji",
        kind="x",
        options={"token": "x-token", **options},
        every_seconds=300,
        status="active",
        sample=False,
        cursor={},
        created_at=NOW,
        due_at=None,
        last_run_at=None,
        last_error="",
        region=region,
        agreement="MoU 1/2026",
    )


SOURCE = make_source(query="pilkada")


def run(
    collector: XCollector, cursor: Mapping[str, Any], source: Source = SOURCE, pages: int = 99
) -> tuple[list[Any], Mapping[str, Any]]:
    """Take so many pages as a run would, then stop as if killed."""
    return walk(collector, cursor, source, pages)
