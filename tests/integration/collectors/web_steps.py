"""What the tests of news sites share: an index with articles under it, and a reader of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.web import WEB
from tests.fakes.publisher import Reader, article, publisher
from tests.http_server import LocalServer, Received, Reply

TEXT = [
    "Sejumlah camat dan kepala dinas menghadiri silaturahmi calon bupati nomor urut dua di gedung"
    " serbaguna, Minggu malam.",
    "Mereka mengacungkan dua jari saat difoto bersama. Panitia menyebut acara itu bukan kampanye.",
]
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Site:
    """An index whose links are set by a test, and an article under each of them."""

    server: LocalServer
    reader: Reader
    links: list[str] = field(default_factory=list)
    tag: str = ""

    def index(self, request: Received) -> Reply:
        if self.tag and request.headers.get("if-none-match") == self.tag:
            return Reply(304)
        rows = "".join(f'<li><a href="{link}">Judul</a></li>' for link in self.links)
        menu = '<a href="/">Beranda</a><a href="/tentang">Tentang</a><a href="#top">Atas</a>'
        body = f"<!DOCTYPE html><html><body>{menu}<ul>{rows}</ul></body></html>".encode()
        return Reply(200, body, HTML | ({"ETag": self.tag} if self.tag else {}))

    def publish(self, *numbers: int) -> None:
        """Put articles on top of the index, the last named first."""
        for number in numbers:
            self.links.insert(0, f"/berita/{number}")
            page = article(f"Judul nomor {number}", TEXT)
            self.server.route(f"/berita/{number}", Reply(200, page, HTML))

    def fetched(self, path: str) -> int:
        return self.server.paths().count(path)


@pytest.fixture(name="site")
def serve_site(tmp_path: Path) -> Iterator[Site]:
    with publisher() as (server, net):
        options = {"url": f"{server.url}/berita", "match": r"/berita/\d+"}
        site = Site(server, Reader(WEB, net, tmp_path, options))
        server.route("/berita", site.index)
        yield site


def titles(posts: list[Any]) -> list[str]:
    return [post["text"].partition("\n")[0] for post in posts]
