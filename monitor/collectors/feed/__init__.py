"""RSS and Atom: asks only for what has changed, and gives each entry once; see README.md."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.feed.mapping import posts_of
from monitor.collectors.feed.parsing import parse_feed
from monitor.collectors.feed.progress import Progress, body_mark
from monitor.collectors.publication import is_web_address, site_answered, web_address
from monitor.collectors.trouble import NotConfigured, PlatformDown
from monitor.domain import Source
from monitor.net import Answer

# No feed of news is larger; what is costs more time to read than it is worth.
BODY_LIMIT = 5 * 1024 * 1024
PAGE = 100
# The newest are taken where a feed holds its whole archive.
MOST_ENTRIES = 2_000
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8,"
    " text/xml;q=0.8, */*;q=0.1"
)
_NOT_MODIFIED = 304
_GONE = (404, 410)

logger = logging.getLogger(__name__)


class FeedCollector:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        url = _address(source)
        progress = Progress.of(cursor, url)
        now = self._tools.now().isoformat()
        answer = self._fetch(url, progress.conditions())
        same = answer.status == _NOT_MODIFIED
        if same and not progress.conditions():
            raise PlatformDown("Situs menjawab 304 tanpa diminta; dicoba lagi nanti.")
        # Not every server knows conditional requests.
        if same or body_mark(answer) == progress.body:
            progress.at = now
            yield Page([], progress.cursor())
            return
        yield from self._read(source, progress, answer, now)

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Look in the feed; of an entry that has left it, whether its page is still there."""
        url = _address(source)
        feed = parse_feed(self._fetch(url, {}))
        for post in posts_of(feed, url, source.region):
            if post["id"] == received.get("id"):
                return post
        link = received.get("url")
        if not isinstance(link, str) or not is_web_address(link):
            raise NotConfigured(
                "Entri ini sudah keluar dari umpan dan tidak beralamat, jadi tak dapat dicek lagi."
            )
        answer = self._tools.net.get(link, robots=True, limit=BODY_LIMIT)
        if answer.status in _GONE:
            return None
        site_answered(answer, self._tools.now())
        if urlsplit(answer.url).path.strip("/") == "" and urlsplit(link).path.strip("/"):
            raise PlatformDown("Halaman entri dialihkan ke beranda situs; buka sendiri alamatnya.")
        # The page stands; its text is another rendering than the feed's and is not compared.
        return received

    def _read(self, source: Source, progress: Progress, answer: Answer, now: str) -> Iterator[Page]:
        feed = parse_feed(answer)
        posts = posts_of(feed, progress.url, source.region)[-MOST_ENTRIES:]
        if feed.problem and feed.problem != progress.told:
            logger.warning("feed with faults", extra={"source": source.name, "fault": feed.problem})
        gap = None
        # Nothing known is left in it: more came in between than it holds. A cut one proves nothing.
        if progress.seen and posts and not feed.cut and not progress.knows_any(posts):
            gap = progress.last_read()
        progress.told, progress.ttl_minutes = feed.problem, feed.ttl_minutes
        fresh = [post for post in posts if progress.is_new(post)]
        for start in range(0, max(len(fresh), 1), PAGE):
            page = fresh[start : start + PAGE]
            progress.add(page)
            if start + PAGE >= len(fresh):
                self._end(progress, answer, posts, now, cut=feed.cut)
            yield Page(
                page,
                progress.cursor(),
                cost=0 if start else 1,
                gap_since=None if start else gap,
            )

    def _end(
        self,
        progress: Progress,
        answer: Answer,
        posts: list[dict[str, Any]],
        now: str,
        *,
        cut: bool,
    ) -> None:
        # What a broken feed left out comes again only if the next request is unconditional.
        if cut:
            return
        progress.keep_only(posts)
        progress.keep_validators(answer)
        progress.at = now

    def _fetch(self, url: str, conditions: Mapping[str, str]) -> Answer:
        headers = {"Accept": _ACCEPT, **conditions}
        answer = self._tools.net.get(url, headers=headers, limit=BODY_LIMIT)
        return site_answered(answer, self._tools.now())


def _address(source: Source) -> str:
    try:
        return web_address(source.options.get("url", ""))
    except ValueError as error:
        raise NotConfigured(f"Option url {error}.") from None


RSS = Kind(
    name="rss",
    title="Umpan RSS dan Atom",
    platform="web",
    build=FeedCollector,
    options=(
        Option(
            "url",
            "Alamat umpan RSS atau Atom, misalnya https://contoh.go.id/feed",
            required=True,
            check=web_address,
        ),
    ),
    least_seconds=60,
    notes={"satuan kuota": "permintaan ke situs; satu per pengambilan"},
)
