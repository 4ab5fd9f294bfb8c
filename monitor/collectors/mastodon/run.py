"""One run over the streams of a source: each hashtag, account and search has a walk of its own.

The cursor holds every stream's walk, the numbers of accounts, the posts watched for likes, and
which stream had its turn last.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from monitor.collectors.base import Cursor, Page, Tools
from monitor.collectors.mastodon.client import Listing
from monitor.collectors.mastodon.mapping import (
    is_public,
    status_text,
    status_to_post,
    unreadable,
)
from monitor.collectors.mastodon.options import HISTORY_DAYS, api_of, in_turn, stream_keys, yes
from monitor.collectors.mastodon.reactions import Watch, forget_old, new_acts, watch
from monitor.collectors.mastodon.walk import Stream, walk
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    SourceGone,
)
from monitor.domain import Source

# Streams of one run: 300 requests in 5 minutes are allowed; the others have their turn next time.
_STREAMS = 100
# Answered posts fetched for one page.
_PARENTS = 10


class Run:
    def __init__(self, tools: Tools, source: Source, cursor: Cursor) -> None:
        self._source = source
        self._api = api_of(tools, source)
        self._now = tools.now
        self._streams: dict[str, Any] = dict(cursor.get("streams", {}))
        self._ids: dict[str, str] = dict(cursor.get("ids", {}))
        self._watched: Watch = {
            status: dict(known) for status, known in cursor.get("watched", {}).items()
        }
        self._last = str(cursor.get("last", ""))
        self._local = yes(source.options.get("local", "tidak"))
        self._likes = yes(source.options.get("likes", "ya"))
        days = int(source.options.get("history_days") or HISTORY_DAYS)
        self._oldest = tools.now() - timedelta(days=days)

    def pages(self) -> Iterator[Page]:
        keys = stream_keys(self._source.options)
        if not keys:
            raise NotConfigured("Isi salah satu: `hashtags`, `accounts`, atau `query`.")
        self._streams = {key: self._streams[key] for key in keys if key in self._streams}
        gone = 0
        turn = in_turn(keys, self._last)[:_STREAMS]
        for key in turn:
            # Noted with the first page: after a kill or a limit the next stream has its turn.
            self._last = key
            try:
                yield from self._stream(key)
            except _AccountGone:
                gone += 1
        if gone == len(keys):
            raise SourceGone("Semua akun sumber ini tidak ada lagi. Periksa daftar `accounts`.")
        if self._likes:
            yield from self._acts()
        if self._api.requests:
            yield self._page([])

    def _stream(self, key: str) -> Iterator[Page]:
        stream = Stream.of(self._streams.get(key, {}))
        forward = not key.startswith("query:")
        fetch = self._fetch(key)
        for items in walk(stream, fetch, now=self._now(), oldest=self._oldest, forward=forward):
            posts = self._posts(items)
            self._streams[key] = stream.state()
            yield self._page(posts)

    def _fetch(self, key: str) -> Callable[[Mapping[str, str]], Listing]:
        what, _, name = key.partition(":")
        if what == "tag":
            return lambda bounds: self._api.hashtag(name, bounds, local=self._local)
        if what == "query":
            return lambda bounds: self._api.search(name, bounds)
        account = self._account(name)

        def statuses(bounds: Mapping[str, str]) -> Listing:
            listing = self._api.account_statuses(account, bounds)
            if listing is None:
                # Looked up afresh next time: the handle may have a new number.
                self._ids.pop(name, None)
                raise _AccountGone
            return listing

        return statuses

    def _account(self, handle: str) -> str:
        if handle not in self._ids:
            found = self._api.account_id(handle)
            if found is None:
                raise _AccountGone
            self._ids[handle] = found
        return self._ids[handle]

    def _posts(self, items: list[Any]) -> list[dict[str, Any]]:
        statuses = [item for item in items if _readable(item)]
        if len(items) > 1 and not statuses:
            # A single one may just be broken: it is counted and passed.
            raise AnswerChanged(
                f"Tidak satu pun unggahan dari {self._api.host} memuat `id` dan `content`."
                " API server ini mungkin berubah."
            )
        answered = self._answered(statuses)
        posts = [
            status_to_post(
                status,
                self._api.host,
                reply_to=answered.get(str(status.get("in_reply_to_id")), ""),
                region=self._source.region,
            )
            for status in statuses
            if is_public(status)
        ]
        if self._likes:
            for status in statuses:
                watch(self._watched, status, self._now())
        return posts + [unreadable() for _ in range(len(items) - len(statuses))]

    def _answered(self, statuses: list[Mapping[str, Any]]) -> dict[str, str]:
        """Return the texts answered, from the same page or fetched, by id."""
        texts = {str(status["id"]): status_text(status) for status in statuses}
        wanted = {
            str(status["in_reply_to_id"]) for status in statuses if status.get("in_reply_to_id")
        }
        for parent in sorted(wanted - texts.keys())[:_PARENTS]:
            try:
                status = self._api.status(parent)
            except CredentialsRefused:
                # Some servers show single posts to signed-in people only: the reply stays alone.
                break
            texts[parent] = status_text(status) if status and is_public(status) else ""
        return texts

    def _acts(self) -> Iterator[Page]:
        forget_old(self._watched, self._now())
        region = self._source.region
        try:
            for acts in new_acts(self._api, self._watched, self._api.host, region=region):
                yield self._page(acts)
        except CredentialsRefused:
            # This server does not list them publicly; the posts themselves were read above.
            return

    def _page(self, items: list[dict[str, Any]]) -> Page:
        cursor = {
            "streams": dict(self._streams),
            "ids": dict(self._ids),
            "watched": {status: dict(known) for status, known in self._watched.items()},
            "last": self._last,
        }
        return Page(items, cursor, cost=self._api.spent())


class _AccountGone(Exception):
    """One account of several: the others go on."""


def _readable(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("id"), str)
        and (isinstance(item.get("content"), str) or isinstance(item.get("reblog"), Mapping))
    )
