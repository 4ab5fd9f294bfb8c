"""One fetched feed as plain values, read by feedparser from bytes; nothing here opens anything.

Written from the documentation of feedparser 6.0 (feedparser.readthedocs.io, looked up on
2026-11-23), the RSS 2.0 specification (www.rssboard.org/rss-specification) and RFC 4287 (Atom).
"""

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXParseException

import feedparser
import lxml.etree
import lxml.html

from monitor.collectors.decoding import Decoded, decode
from monitor.collectors.publication import line
from monitor.collectors.trouble import AnswerChanged
from monitor.errors import UnexpectedAnswer
from monitor.net import Answer

_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_LONGEST_TTL = 60 * 24 * 7


@dataclass(frozen=True, slots=True)
class Feed:
    """`problem` is Indonesian and empty where the feed is as it should be.

    `cut` tells that the XML broke off or is broken, so that entries may be missing.
    """

    # Where it lies after redirects: the base of relative links.
    place: str
    title: str
    about: str
    entries: list[Any]
    ttl_minutes: int
    problem: str
    cut: bool


def parse_feed(answer: Answer) -> Feed:
    """Raises UnexpectedAnswer or AnswerChanged where the answer is no feed at all."""
    decoded = decode(answer.body, answer.headers.get("content-type", ""))
    # Blank lines before the declaration are the commonest fault of all, and harmless.
    text = decoded.text.lstrip()
    if not text:
        raise UnexpectedAnswer("Umpan menjawab kosong; dicoba lagi nanti.")
    parsed = feedparser.parse(
        io.BytesIO(text.encode()),
        # What we have just made of it. No place: a bare guid would be taken for a relative link.
        response_headers={"content-type": "application/xml; charset=utf-8"},
        # Only plain text is kept: cleaning and rewriting markup would be most of the work.
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.version and not parsed.entries:
        raise _no_feed(text, answer.url)
    broken = parsed.get("bozo_exception")
    cut = isinstance(broken, SAXParseException)
    if cut and not parsed.entries:
        raise UnexpectedAnswer("XML umpan terpotong sebelum entri pertama; dicoba lagi nanti.")
    return Feed(
        place=answer.url,
        title=line(parsed.feed.get("title", "")),
        about=line(parsed.feed.get("subtitle", "")),
        entries=list(parsed.entries),
        ttl_minutes=_minutes(parsed.feed.get("ttl", "")),
        problem=_problem(decoded, broken if cut else None, len(parsed.entries)),
        cut=cut,
    )


def _minutes(ttl: str) -> int:
    return min(int(ttl), _LONGEST_TTL) if ttl.isdecimal() and len(ttl) < 9 else 0


def _problem(decoded: Decoded, broken: SAXParseException | None, entries: int) -> str:
    told = []
    if broken is not None:
        told.append(
            f"XML umpan rusak pada baris {broken.getLineNumber()}; {entries} entri masih terbaca."
        )
    if decoded.belied:
        told.append(
            f"Umpan menyatakan pengodean {decoded.declared}, isinya {decoded.encoding}; dibaca"
            " menurut isinya."
        )
    return " ".join(told)


def _no_feed(text: str, url: str) -> UnexpectedAnswer | AnswerChanged:
    start = text[:200].lower()
    if "<!doctype html" not in start and "<html" not in start:
        return AnswerChanged("Alamat itu bukan umpan RSS atau Atom. Periksa option url.")
    feed = _advertised(text, url)
    if feed:
        return AnswerChanged(
            f"Alamat itu halaman web, bukan umpan; umpannya tampaknya {feed}. Pakai alamat itu."
        )
    return UnexpectedAnswer(
        "Situs menjawab halaman HTML, bukan umpan RSS atau Atom. Bila berulang, periksa option url."
    )


def _advertised(text: str, url: str) -> str:
    """Return the feed a page names in its head, as readers of feeds look for it."""
    try:
        root = lxml.html.document_fromstring(text.encode())
    except (lxml.etree.LxmlError, ValueError):
        return ""
    for link in root.iter("link"):
        if link.get("rel") == "alternate" and link.get("type") in _FEED_TYPES:
            found = urljoin(url, link.get("href") or "")
            return found if found != url and len(found) < 300 else ""
    return ""
