"""What the tests of feeds share: a site that serves one, and a reader of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.feed import RSS
from tests.fakes.publisher import FeedFile, Reader, publisher
from tests.http_server import LocalServer


@dataclass
class Site:
    server: LocalServer
    feed: FeedFile
    reader: Reader

    @property
    def conditions(self) -> list[str | None]:
        return [request.headers.get("if-none-match") for request in self.server.received]


@pytest.fixture(name="site")
def serve_site(tmp_path: Path) -> Iterator[Site]:
    with publisher() as (server, net):
        feed = FeedFile()
        server.route("/feed", feed)
        yield Site(server, feed, Reader(RSS, net, tmp_path, {"url": f"{server.url}/feed"}))


def titles(posts: list[Any]) -> list[str]:
    return [post["text"].partition("\n")[0] for post in posts]
