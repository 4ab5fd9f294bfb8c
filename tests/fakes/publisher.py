"""A small publication over real HTTP: a feed with conditional requests, pages, robots.txt.

Written from RFC 9110, section 13 (conditional requests), the RSS 2.0 specification
(www.rssboard.org/rss-specification), RFC 4287 (Atom) and RFC 9309 (robots.txt); looked up on
2026-11-23.
"""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from monitor.collectors.base import Kind, Page, Tools
from monitor.domain import Source
from monitor.net import Credentials, NetClient, NetOptions
from tests.http_server import LocalServer, Received, Reply, local_server

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
JAKARTA_MORNING = "Mon, 23 Nov 2026 08:{minute:02d}:00 +0700"


def item(number: int, text: str = "", **elements: str) -> str:
    """Return an <item>; an element given as "" is left out."""
    parts = {
        "title": f"Berita {number}",
        "link": f"https://kabar.example/berita-{number}",
        "guid": f"https://kabar.example/?p={number}",
        "pubDate": JAKARTA_MORNING.format(minute=number % 60),
        "dc:creator": "Rina Wartawati",
        "description": escape(f"<p>{text or f'Isi berita nomor {number}.'}</p>"),
    } | elements
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}</item>"


def rss(items: list[str], *, channel: str = "", declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>'
        "<title>Kabar Daerah</title><link>https://kabar.example/</link>"
        f"<description>Portal berita kabupaten</description>{channel}{''.join(items)}"
        "</channel></rss>"
    )


@dataclass
class FeedFile:
    """Answers for one feed: 304 where the validators sent are still its own."""

    items: list[str] = field(default_factory=list)
    channel: str = ""
    declared: str = "UTF-8"
    encoding: str = "utf-8"
    content_type: str = "application/rss+xml"
    validators: bool = True
    packed: bool = False
    # Set for what `rss` cannot write.
    body: bytes | None = None
    changed_at: datetime = NOW

    def __call__(self, request: Received) -> Reply:
        body = self.body
        if body is None:
            feed = rss(self.items, channel=self.channel, declared=self.declared)
            body = feed.encode(self.encoding)
        headers = {"Content-Type": self.content_type}
        if self.validators:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers["Last-Modified"] = format_datetime(self.changed_at, usegmt=True)
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Reply(304, b"", headers)
        if self.packed:
            return Reply(200, gzip.compress(body), headers | {"Content-Encoding": "gzip"})
        return Reply(200, body, headers)


def article(title: str, paragraphs: list[str], *, head: str = "", inside: str = "") -> bytes:
    """Return a page as news sites make them: menu, article, related links, footer."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>{head}'
        '</head><body><nav><a href="/">Beranda</a> <a href="/politik">Politik</a></nav>'
        f"<main><article><h1>{title}</h1>{inside}{text}</article>"
        '<aside><h2>Baca juga</h2><a href="/iklan">Promo kredit motor</a></aside></main>'
        "<footer>Hak cipta Kabar Daerah. Pedoman media siber.</footer></body></html>"
    ).encode()


@dataclass
class Reader:
    """Collects again and again from one source, keeping the cursor as the pipeline does."""

    kind: Kind
    net: NetClient
    folder: Path
    options: dict[str, str]
    cursor: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def source(self) -> Source:
        return Source(
            id=1,
            name="kabar",
            kind=self.kind.name,
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
        return self.kind.build(Tools(self.net, Credentials(self.folder), lambda: self.now))

    def pages(self, killed_after: int | None = None) -> list[Page]:
        """Run once; or as a process does that is killed after so many stored pages."""
        pages: list[Page] = []
        for page in self.collector.collect(self.source, self.cursor):
            pages.append(page)
            self.cursor = dict(page.cursor)
            if killed_after is not None and len(pages) >= killed_after:
                break
        return pages

    def posts(self, killed_after: int | None = None) -> list[Any]:
        return [post for page in self.pages(killed_after) for post in page.items]


@contextmanager
def publisher() -> Iterator[tuple[LocalServer, NetClient]]:
    """Serve a site, with a client that may reach it."""
    options = NetOptions(user_agent="Netra/0.1 (uji)", allow_private=True, total_timeout=5.0)
    with local_server() as server, NetClient(options) as net:
        yield server, net
