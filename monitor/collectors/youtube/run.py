"""One run: new videos by search, channels and list, then the comments of videos followed.

The cursor holds a window (window.py) for the search, for each channel's uploads and for the
comments of each video followed. Videos whose comments were read longest ago come first, so that
a spent quota starves none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.base import Cursor, Page, Tools
from monitor.collectors.trouble import AnswerChanged, NotConfigured, QuotaSpent, SourceGone
from monitor.collectors.youtube import options as opt
from monitor.collectors.youtube.client import Closed, Listing
from monitor.collectors.youtube.comments import comments_of, key
from monitor.collectors.youtube.mapping import published, snippet_of
from monitor.collectors.youtube.posts import BATCH, Posts
from monitor.collectors.youtube.window import Window, walk
from monitor.domain import Source

# Videos followed for their comments, and pages of one list in one run; more goes on next time.
_FOLLOWED = 60
_PAGES = 5
# A video may show in search long after it was published.
_SEARCH_LATE = timedelta(hours=6)


class Run:
    def __init__(self, tools: Tools, source: Source, cursor: Cursor, base: str) -> None:
        self.api = opt.api_of(tools, source, base)
        self._options = source.options
        self._now = tools.now()
        self._search: dict[str, Any] = dict(cursor.get("search", {}))
        self._uploads: dict[str, dict[str, Any]] = dict(cursor.get("uploads", {}))
        self._videos: dict[str, dict[str, Any]] = dict(cursor.get("videos", {}))
        self._fixed = opt.videos(source.options.get("videos", ""))
        self._oldest = self._days_ago("history_days", opt.HISTORY_DAYS)
        self._posts = Posts(self.api, source.region)

    def pages(self) -> Iterator[Page]:
        query = self._options.get("query", "").strip()
        channels = opt.channels(self._options.get("channels", ""))
        if not (query or channels or self._fixed):
            raise NotConfigured("Isi salah satu: `query`, `channels`, atau `videos`.")
        spent: QuotaSpent | None = None
        if query:
            try:
                yield from self._found(query)
            except QuotaSpent as trouble:
                # Searching may have a quota of its own: what else is asked for may still be had.
                spent = trouble
        gone = 0
        for channel in channels:
            try:
                yield from self._uploaded(channel)
            except Closed:
                gone += 1
        if channels and gone == len(channels) and not (query or self._fixed):
            raise SourceGone("Semua kanal sumber ini tidak ada lagi. Periksa daftar `channels`.")
        yield from self._listed()
        if opt.yes(self._options.get("comments") or "ya"):
            yield from self._commented()
        if self.api.units:
            yield self.page([])
        if spent:
            raise spent

    def page(self, posts: list[dict[str, Any]]) -> Page:
        cursor = {
            "search": dict(self._search),
            "uploads": dict(self._uploads),
            "videos": dict(self._videos),
        }
        return Page(posts, cursor, cost=self.api.spent())

    def _found(self, query: str) -> Iterator[Page]:
        window = Window.of(self._search)
        units = opt.number(self._options, "search_units", opt.SEARCH_UNITS)

        def fetch(token: str, etag: str) -> Listing | None:
            params = {
                "part": "snippet",
                "type": "video",
                "order": "date",
                "q": query,
                "maxResults": str(BATCH),
                "publishedAfter": f"{window.floor(self._oldest):%Y-%m-%dT%H:%M:%SZ}",
                "regionCode": self._options.get("region_code") or opt.REGION,
                "relevanceLanguage": self._options.get("language") or opt.LANGUAGE,
                "pageToken": token,
            }
            return self.api.page("search", params, units=units)

        for items in walk(
            window,
            fetch,
            _found_key,
            now=self._now,
            oldest=self._oldest,
            pages=opt.number(self._options, "search_pages", opt.SEARCH_PAGES),
            late=_SEARCH_LATE,
        ):
            posts = self._taken([_found_key(item)[0] for item in items])
            self._search = window.state()
            yield self.page(posts)

    def _uploaded(self, channel: str) -> Iterator[Page]:
        known = self._uploads.get(channel, {})
        playlist = known.get("playlist") or self._uploads_of(channel)
        window = Window.of(known)

        def fetch(token: str, etag: str) -> Listing | None:
            params = {
                "part": "snippet,contentDetails",
                "playlistId": playlist,
                "maxResults": str(BATCH),
                "pageToken": token,
            }
            return self.api.page("playlistItems", params, etag=etag)

        for items in walk(
            window, fetch, _upload_key, now=self._now, oldest=self._oldest, pages=_PAGES
        ):
            posts = self._taken([_upload_key(item)[0] for item in items])
            self._uploads = {**self._uploads, channel: {"playlist": playlist, **window.state()}}
            yield self.page(posts)

    def _listed(self) -> Iterator[Page]:
        new = [video for video in self._fixed if video not in self._videos]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            posts = self._taken(batch)
            for video in batch:
                # Gone already: remembered, so that it is not asked for in every run.
                self._videos.setdefault(video, {"at": self._now.isoformat(), "closed": True})
            yield self.page(posts)

    def _commented(self) -> Iterator[Page]:
        self._forget()
        open_videos = [video for video, known in self._videos.items() if not known.get("closed")]
        open_videos.sort(key=lambda video: self._videos[video].get("looked", ""))
        for video in open_videos[: opt.number(self._options, "comment_videos", opt.COMMENT_VIDEOS)]:
            try:
                yield from self._comments(video)
            except Closed:
                # Comments are off or the video is gone: that is no trouble of the source.
                self._videos = {**self._videos, video: {**self._videos[video], "closed": True}}

    def _comments(self, video: str) -> Iterator[Page]:
        known = self._videos[video]
        window = Window.of(known.get("window", {}))
        known = {**known, "looked": self._now.isoformat()}
        # Also where nothing has changed since: it has had its turn.
        self._videos = {**self._videos, video: known}

        def fetch(token: str, etag: str) -> Listing | None:
            floor = window.floor(self._oldest)
            return comments_of(self.api, video, known.get("title", ""), token, etag, floor)

        for items in walk(window, fetch, key, now=self._now, oldest=self._oldest, pages=_PAGES):
            posts = self._posts.of_comments(video, items)
            self._videos = {**self._videos, video: {**known, "window": window.state()}}
            yield self.page(posts)

    def _taken(self, names: list[str]) -> list[dict[str, Any]]:
        """Return the posts of these videos, which are followed for their comments from now on."""
        posts, videos = self._posts.of_videos(names)
        for video in videos:
            self._follow(video)
        return posts

    def _follow(self, video: Mapping[str, Any]) -> None:
        snippet = snippet_of(video)
        at = published(snippet.get("publishedAt")) or self._now
        entry = {"title": str(snippet.get("title") or "")[:200], "at": at.isoformat()}
        self._videos = {**self._videos, video["id"]: {**entry, **self._videos.get(video["id"], {})}}

    def _forget(self) -> None:
        """Videos given as a list stay; of the others the latest, as long as they are young."""
        start = self._days_ago("follow_days", opt.FOLLOW_DAYS)
        young = [
            video
            for video, known in self._videos.items()
            if video not in self._fixed and datetime.fromisoformat(known["at"]) >= start
        ]
        young.sort(key=lambda video: datetime.fromisoformat(self._videos[video]["at"]))
        kept = {*self._fixed, *young[-_FOLLOWED:]}
        self._videos = {video: known for video, known in self._videos.items() if video in kept}

    def _uploads_of(self, channel: str) -> str:
        name = "forHandle" if channel.startswith("@") else "id"
        found = self.api.items("channels", {"part": "snippet,contentDetails", name: channel})
        if not found:
            raise Closed("channelNotFound")
        try:
            playlist = found[0]["contentDetails"]["relatedPlaylists"]["uploads"]
        except (KeyError, TypeError):
            playlist = None
        if not isinstance(playlist, str):
            raise AnswerChanged("Jawaban channels.list tidak memuat daftar unggahan kanal.")
        return playlist

    def _days_ago(self, name: str, default: str) -> datetime:
        return self._now - timedelta(days=opt.number(self._options, name, default))


def _found_key(item: Any) -> tuple[str, datetime | None]:
    found = item.get("id") if isinstance(item, Mapping) else None
    name = found.get("videoId") if isinstance(found, Mapping) else None
    return str(name or ""), published(snippet_of(item).get("publishedAt"))


def _upload_key(item: Any) -> tuple[str, datetime | None]:
    details = item.get("contentDetails") if isinstance(item, Mapping) else None
    details = details if isinstance(details, Mapping) else {}
    # The time of the snippet is when the video came onto the list.
    at = published(details.get("videoPublishedAt")) or published(
        snippet_of(item).get("publishedAt")
    )
    return str(details.get("videoId") or ""), at
