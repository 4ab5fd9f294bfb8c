"""Posts of videos and comments, with the descriptions of their authors' channels."""

from collections.abc import Mapping
from typing import Any

from monitor.collectors.trouble import AnswerChanged
from monitor.collectors.youtube.client import YouTubeApi
from monitor.collectors.youtube.comments import Comment
from monitor.collectors.youtube.mapping import (
    author_id,
    comment_to_post,
    is_readable,
    snippet_of,
    unreadable,
    video_to_post,
)

# The most the API takes or gives at once.
BATCH = 50


class Posts:
    """Keeps the channels for one run only: a description asked for today is today's."""

    def __init__(self, api: YouTubeApi, region: str) -> None:
        self._api = api
        self._region = region
        self._channels: dict[str, Mapping[str, Any] | None] = {}

    def of_comments(self, video: str, items: list[Comment]) -> list[dict[str, Any]]:
        readable = [item.resource for item in items if item.resource is not None]
        if len(items) > 1 and not readable:
            raise AnswerChanged("Tidak satu pun komentar memuat `id` dan `snippet`.")
        self._load_channels([author_id(comment) for comment in readable])
        return [
            unreadable()
            if item.resource is None
            else comment_to_post(
                item.resource,
                self._channels.get(author_id(item.resource)),
                video=video,
                reply_to=item.reply_to,
                replies=item.replies,
                region=self._region,
            )
            for item in items
        ]

    def of_videos(self, names: list[str]) -> tuple[list[dict[str, Any]], list[Mapping[str, Any]]]:
        """Fetch the videos in full: a search result is cut and has no counts."""
        wanted = [name for name in names if name]
        if len(names) > 1 and not wanted:
            raise AnswerChanged("Tidak satu pun hasil memuat nomor video.")
        found: list[Any] = []
        for start in range(0, len(wanted), BATCH):
            batch = ",".join(wanted[start : start + BATCH])
            found += self._api.items("videos", {"part": "snippet,statistics", "id": batch})
        readable = [video for video in found if is_readable(video)]
        if len(found) > 1 and not readable:
            raise AnswerChanged("Tidak satu pun video memuat `id` dan `snippet`.")
        self._load_channels([str(snippet_of(video).get("channelId") or "") for video in readable])
        lost = len(names) - len(wanted) + len(found) - len(readable)
        posts = [
            video_to_post(
                video,
                self._channels.get(str(snippet_of(video).get("channelId") or "")),
                region=self._region,
            )
            for video in readable
        ]
        return posts + [unreadable() for _ in range(lost)], readable

    def _load_channels(self, names: list[str]) -> None:
        """Fetch the descriptions of authors: they tell whether one shows to be a civil servant."""
        unknown = [n for n in dict.fromkeys(names) if n and n not in self._channels]
        for start in range(0, len(unknown), BATCH):
            batch = unknown[start : start + BATCH]
            # One that does not come back is deleted: its comments stay, with what they show.
            self._channels.update(dict.fromkeys(batch))
            params = {"part": "snippet", "id": ",".join(batch), "maxResults": str(BATCH)}
            for channel in self._api.items("channels", params):
                if is_readable(channel):
                    self._channels[channel["id"]] = channel
