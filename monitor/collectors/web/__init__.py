"""Plain pages of news sites and agencies: an index, and each article it links to once.

robots.txt is asked before every request; README.md says what is collected and what terms ask.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.publication import (
    conditions,
    is_web_address,
    site_answered,
    validator,
    web_address,
)
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    NotConfigured,
    PlatformDown,
    RateLimited,
)
from monitor.collectors.web.article import page_of, post_of
from monitor.collectors.web.links import article_links, pattern
from monitor.collectors.web.progress import Progress
from monitor.domain import Source
from monitor.errors import NetworkError, RobotsRefused, UnexpectedAnswer
from monitor.net import Answer

BODY_LIMIT = 5 * 1024 * 1024
# Articles of one run, if the source does not say; the rest waits for the next.
ARTICLES = 20
_MOST_ARTICLES = 100
# So many pages without any text are no accident: the site writes its text by script.
_ENOUGH_EMPTY = 3
_MOST_FAILURES = 3
_NOT_MODIFIED = 304
_GONE = (404, 410)

logger = logging.getLogger(__name__)


class WebCollector:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        url, match = _address(source), source.options.get("match", "")
        wanted = _wanted(source)
        progress = Progress.of(cursor, url, match)
        # One page with all that waits; then one page for each article.
        yield self._index(progress, wanted)
        read = empty = failures = 0
        trouble: CollectorTrouble | NetworkError | None = None
        for link in list(progress.waiting)[: _limit(source.options.get("limit") or ARTICLES)]:
            try:
                answer = self._get(link)
                post = self._post(source, progress.url, link, answer)
            except RateLimited:
                raise
            except (CollectorTrouble, NetworkError) as error:
                trouble, failures = error, failures + 1
                if progress.failed(link):
                    logger.warning("article given up", extra={"source": source.name})
                yield Page([], progress.cursor())
                # Each may have taken a minute: the site has troubles, the rest can wait.
                if failures >= _MOST_FAILURES:
                    break
                continue
            read += answer.status not in _GONE
            empty += answer.status not in _GONE and post is None
            progress.done(link)
            yield Page([post] if post else [], progress.cursor())
        if trouble and not read:
            raise _told(trouble)
        if empty >= _ENOUGH_EMPTY and empty == read:
            raise AnswerChanged(
                "Tidak satu pun halaman memuat teks artikel. Periksa option match, atau pakai umpan"
                " RSS situs itu bila teksnya baru muncul di peramban."
            )

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        link = received.get("url")
        if not isinstance(link, str) or not is_web_address(link):
            raise NotConfigured("Artikel ini tidak beralamat, jadi tak dapat dicek lagi.")
        try:
            answer = self._get(link)
        except RobotsRefused as error:
            raise _told(error) from None
        if answer.status in _GONE:
            return None
        site_answered(answer, self._tools.now())
        if _sent_home(link, answer):
            raise PlatformDown("Halaman dialihkan ke beranda situs; buka sendiri alamatnya.")
        post = post_of(answer, source.region)
        if post is None:
            raise PlatformDown("Halaman masih ada, tetapi teksnya tak terbaca; buka sendiri.")
        # The same article, also where the site has since given it another address.
        return {**post, "id": received["id"]}

    def _index(self, progress: Progress, wanted: Callable[[str], bool]) -> Page:
        asked = conditions(progress.etag, progress.modified)
        try:
            answer = site_answered(self._get(progress.url, asked), self._tools.now())
        except RobotsRefused as error:
            raise _told(error) from None
        gap = None
        if answer.status == _NOT_MODIFIED:
            if not asked:
                raise PlatformDown("Situs menjawab 304 tanpa diminta; dicoba lagi nanti.")
        else:
            gap = progress.take_in(_links(answer, wanted))
            progress.etag = validator(answer, "etag")
            progress.modified = validator(answer, "last-modified")
        progress.at = self._tools.now().isoformat()
        return Page([], progress.cursor(), gap_since=gap)

    def _post(
        self, source: Source, index: str, link: str, answer: Answer
    ) -> Mapping[str, Any] | None:
        if answer.status in _GONE:
            return None
        site_answered(answer, self._tools.now())
        if _sent_home(link, answer) or answer.url == index:
            return None
        return post_of(answer, source.region)

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        asked = {"Accept": "text/html, application/xhtml+xml;q=0.9", **(headers or {})}
        return self._tools.net.get(url, headers=asked, limit=BODY_LIMIT, robots=True)


def _links(answer: Answer, wanted: Callable[[str], bool]) -> list[str]:
    page = page_of(answer)
    if page is None:
        raise UnexpectedAnswer("Halaman indeks menjawab bukan HTML. Periksa option url.")
    links = article_links(page, answer.url, wanted)
    if not links:
        # An index of news is never without any: silence here must not look like no news.
        raise AnswerChanged(
            "Tidak ada tautan di halaman indeks yang cocok dengan pola. Buka halaman itu dan"
            " sesuaikan option match; bila tautannya baru muncul di peramban, pakai umpan RSS."
        )
    return links


def _sent_home(link: str, answer: Answer) -> bool:
    """Whether a removed article was answered with the front page, as many sites do."""
    return not urlsplit(answer.url).path.strip("/") and bool(urlsplit(link).path.strip("/"))


def _told(error: CollectorTrouble | NetworkError) -> CollectorTrouble | NetworkError:
    """What robots.txt forbids, waiting does not allow."""
    return NotConfigured(error.detail) if isinstance(error, RobotsRefused) else error


def _address(source: Source) -> str:
    try:
        return web_address(source.options.get("url", ""))
    except ValueError as error:
        raise NotConfigured(f"Option url {error}.") from None


def _wanted(source: Source) -> Callable[[str], bool]:
    match, exclude = source.options.get("match", ""), source.options.get("exclude", "")
    if not match:
        raise NotConfigured("Option match kosong. Isi pola alamat artikel, misalnya /berita/[0-9]+")
    try:
        yes, no = pattern(match), pattern(exclude) if exclude else None
    except ValueError as error:
        raise NotConfigured(f"Option match atau exclude {error}.") from None
    return lambda url: bool(yes.search(url)) and not (no and no.search(url))


def _limit(value: str | int) -> int:
    if not str(value).isdecimal() or not 1 <= int(value) <= _MOST_ARTICLES:
        raise ValueError(f"harus bilangan 1 sampai {_MOST_ARTICLES}")
    return int(value)


WEB = Kind(
    name="web",
    title="Halaman berita dan instansi",
    platform="web",
    build=WebCollector,
    options=(
        Option(
            "url",
            "Halaman indeks yang menautkan artikel, misalnya https://contoh.go.id/berita",
            required=True,
            check=web_address,
        ),
        Option(
            "match",
            "Pola (regular expression) alamat artikel, misalnya /berita/[0-9]+",
            required=True,
            check=pattern,
        ),
        Option("exclude", "Pola alamat yang tidak diambil, misalnya /foto/", check=pattern),
        Option(
            "limit",
            f"Paling banyak artikel per pengambilan (1 sampai {_MOST_ARTICLES})",
            default=str(ARTICLES),
            check=_limit,
        ),
    ),
    least_seconds=300,
    notes={"satuan kuota": "permintaan ke situs; satu untuk indeks dan satu per artikel"},
)
