"""YouTube: videos by search, channel or list, with their comments and replies.

README.md says what is collected, by which endpoints, at which cost, and what the terms say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.trouble import CollectorTrouble, NotConfigured
from monitor.collectors.youtube import options as opt
from monitor.collectors.youtube.client import BASE, Closed
from monitor.collectors.youtube.mapping import (
    author_id,
    comment_to_post,
    is_readable,
    snippet_of,
    video_to_post,
)
from monitor.collectors.youtube.run import Run
from monitor.domain import Source


class YouTubeCollector:
    def __init__(self, tools: Tools, base: str = BASE) -> None:
        self._tools = tools
        self._base = base

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        run = Run(self._tools, source, cursor, self._base)
        try:
            yield from run.pages()
        except CollectorTrouble:
            # What was spent on the way is counted, whatever came of it.
            if run.api.units:
                yield run.page([])
            raise

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Ask for the video or comment alone; both lists leave out what the public cannot see."""
        api = opt.api_of(self._tools, source, self._base)
        raw = received.get("raw")
        kind = raw.get("kind") if isinstance(raw, Mapping) else None
        name = str(received.get("id"))
        try:
            if kind == "video":
                found = api.items("videos", {"part": "snippet,statistics", "id": name})
            elif kind == "comment":
                params = {"part": "snippet", "id": name, "textFormat": "plainText"}
                found = api.items("comments", params)
            else:
                raise NotConfigured("Unggahan ini tidak memuat jenisnya, jadi tak dapat dicek.")
        except Closed:
            return None
        standing = [item for item in found if is_readable(item) and item["id"] == name]
        if not standing:
            return None
        item = standing[0]
        owner = author_id(item) if kind == "comment" else str(snippet_of(item).get("channelId"))
        channels = api.items("channels", {"part": "snippet", "id": owner}) if owner else []
        channel = channels[0] if channels and is_readable(channels[0]) else None
        if kind == "video":
            return video_to_post(item, channel, region=source.region)
        assert isinstance(raw, Mapping)
        return comment_to_post(
            item,
            channel,
            video=str(raw.get("video", "")),
            reply_to=str(received.get("reply_to") or ""),
            region=source.region,
        )


YOUTUBE = Kind(
    name="youtube",
    title="YouTube",
    platform="youtube",
    build=YouTubeCollector,
    options=(
        Option("key", "Nama kredensial berisi kunci API YouTube", required=True, credential=True),
        Option("query", "Kata yang dicari; `|` berarti atau, `-kata` berarti tanpa kata itu"),
        Option("channels", "Kanal: nomor (UC…) atau @nama, dipisah koma", check=opt.channels),
        Option("videos", "Nomor video yang komentarnya diikuti, dipisah koma", check=opt.videos),
        Option("comments", "Ambil komentar: ya atau tidak", default="ya", check=opt.yes),
        Option(
            "comment_videos",
            "Paling banyak berapa video yang komentarnya dibaca dalam sekali jalan",
            default=opt.COMMENT_VIDEOS,
            check=opt.whole,
        ),
        Option(
            "follow_days",
            "Berapa hari komentar sebuah video diikuti sejak terbit",
            default=opt.FOLLOW_DAYS,
            check=opt.whole,
        ),
        Option(
            "history_days",
            "Berapa hari ke belakang pada pengambilan pertama",
            default=opt.HISTORY_DAYS,
            check=opt.whole,
        ),
        Option("region_code", "Negara hasil pencarian", default=opt.REGION, check=opt.code),
        Option("language", "Bahasa yang diutamakan", default=opt.LANGUAGE, check=opt.code),
        Option(
            "search_pages",
            "Halaman pencarian dalam sekali jalan, masing-masing 50 video",
            default=opt.SEARCH_PAGES,
            check=opt.whole,
        ),
        Option(
            "search_units",
            "Satuan kuota untuk satu halaman pencarian",
            default=opt.SEARCH_UNITS,
            check=opt.whole,
        ),
    ),
    needs_agreement=True,
    least_seconds=300,
    notes={"satuan kuota": "satuan YouTube: pencarian 100, yang lain 1; biasanya 10.000 sehari"},
)
