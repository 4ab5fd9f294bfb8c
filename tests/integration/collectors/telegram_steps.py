"""What the tests of Telegram share: a fake Bot API, a fake site, and runs of a source."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.collectors.base import Tools
from monitor.collectors.telegram import TelegramCollector
from monitor.domain import Source
from monitor.net import Credentials, NetClient, NetOptions
from tests.fakes.telegram import TOKEN, FakeBotApi, FakeSite
from tests.http_server import local_server

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HTML = {"Content-Type": "text/html"}


@pytest.fixture(scope="module")
def net() -> Iterator[NetClient]:
    with NetClient(NetOptions("Netra/uji", allow_private=True)) as client:
        yield client


@pytest.fixture
def tools(net: NetClient, tmp_path: Path) -> Tools:
    (tmp_path / "bot").write_text(TOKEN)
    return Tools(net, Credentials(tmp_path), lambda: NOW)


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    with local_server() as server:
        yield FakeBotApi(server)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with local_server() as server:
        yield FakeSite(server)


@pytest.fixture
def collector(tools: Tools, api: FakeBotApi, site: FakeSite) -> TelegramCollector:
    return TelegramCollector(tools, api.server.url, site.server.url)


def make_source(
    channels: str = "kanaldinas", agreement: str = "SK 5/2026", **options: str
) -> Source:
    return Source(
        id=1,
        name="tg-uji",
        kind="telegram",
        options={"channels": channels, "token": "bot", **options},
        every_seconds=300,
        status="active",
        sample=False,
        cursor={},
        created_at=NOW,
        due_at=None,
        last_run_at=None,
        last_error="",
        region="33.14",
        agreement=agreement,
    )


BOT = make_source()
WEB = make_source(via="web")


@pytest.fixture
def later(tools: Tools, api: FakeBotApi, site: FakeSite) -> Callable[..., TelegramCollector]:
    """The same collector after a time."""

    def build(**how_long: float) -> TelegramCollector:
        moved = replace(tools, now=lambda: NOW + timedelta(**how_long))
        return TelegramCollector(moved, api.server.url, site.server.url)

    return build


Later = Callable[..., TelegramCollector]
