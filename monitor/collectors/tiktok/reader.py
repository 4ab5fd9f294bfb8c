"""Reads videos, comments, profiles and acts for one run, within the day's 1,000 requests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.collectors.tiktok import mapping
from monitor.collectors.tiktok.research import ParameterRefused, ResearchClient
from monitor.collectors.tiktok.search import Days
from monitor.collectors.trouble import AnswerChanged

# "Default is 20, max is 100."
_MOST = 100
# Of a video's comments "only the top 1000" can be had; the first of them are read.
_COMMENT_PAGES = 3
# So many answers of a search a run: the rest waits, the search is stored.
_PAGES = 50

Item = Mapping[str, Any]


@dataclass(slots=True)
class Share:
    """What one run may still take: profiles and videos whose comments are read."""

    profiles: int
    comments: int


class Reader:
    def __init__(self, client: ResearchClient, share: Share, region: str) -> None:
        self._client = client
        self._share = share
        self._with_profiles = share.profiles > 0
        self._region = region
        # Bios live for one run only: a citizen's profile is never stored beside a cursor.
        self._profiles: dict[str, Item] = {}
        self._ended = False

    def videos(self, days: Days, query: Item) -> Iterator[list[dict[str, Any]]]:
        """Yield the posts of each answer, `days` standing behind it."""
        for _ in range(_PAGES):
            found = {mapping.identity_of(video): video for video in self._page(days, query)}
            fresh = {key: video for key, video in found.items() if key not in days.seen}
            posts = self._posts(list(fresh.values()))
            days.seen |= {key: mapping.created(video) or 0 for key, video in fresh.items()}
            over = days.finish() if self._ended else False
            yield posts
            # Every post shall carry its author's bio: what is left waits for the next run.
            if over or (self._with_profiles and self._share.profiles <= 0):
                return

    def acts(self, account: str) -> list[dict[str, Any]]:
        """Return the newest likes and reposts an account shows in public, 100 of each at most."""
        posts = []
        for action, path, name in (
            ("like", "user/liked_videos", "user_liked_videos"),
            ("share", "user/reposted_videos", "user_reposted_videos"),
        ):
            try:
                data = self._client.ask(
                    path, mapping.ACT_FIELDS, {"username": account, "max_count": _MOST}
                )
            except ParameterRefused:
                # The account keeps this list to itself, or is gone.
                continue
            profile = self._profile(account)
            posts += [
                mapping.act_post(video, account, profile, action, region=self._region)
                for video in _items(data, name, mapping.identity_of)
            ]
        return mapping.with_words(posts)

    def one(self, query: Item, start: str, end: str, identity: str) -> dict[str, Any] | None:
        body = {"query": query, "start_date": start, "end_date": end, "max_count": 20}
        data = self._client.ask("video/query", mapping.VIDEO_FIELDS, body)
        for video in _items(data, "videos", mapping.identity_of):
            if mapping.identity_of(video) == identity:
                profile = self._profile(mapping.text_of(video, "username"))
                return mapping.video_post(video, profile, region=self._region)
        return None

    def _page(self, days: Days, query: Item) -> list[Item]:
        try:
            data = self._client.ask("video/query", mapping.VIDEO_FIELDS, days.body(query, _MOST))
        except ParameterRefused:
            # "Search Id … is invalid or expired": nothing is lost by beginning it again.
            if not days.begin_again():
                raise
            data = self._client.ask("video/query", mapping.VIDEO_FIELDS, days.body(query, _MOST))
        videos = _items(data, "videos", mapping.created)
        self._ended = data.get("has_more") is not True
        if not self._ended:
            cursor = data.get("cursor")
            if not isinstance(cursor, int) or cursor <= days.cursor:
                raise AnswerChanged("TikTok menyebut ada lanjutan, tetapi tidak memberi letaknya.")
            days.go_on(str(data.get("search_id") or ""), cursor)
        return videos

    def _posts(self, videos: list[Item]) -> list[dict[str, Any]]:
        posts = []
        for video in videos:
            profile = self._profile(mapping.text_of(video, "username"))
            posts.append(mapping.video_post(video, profile, region=self._region))
            posts += self._comments(video)
        return mapping.with_words(posts)

    def _comments(self, video: Item) -> list[dict[str, Any]]:
        if self._share.comments <= 0 or not video.get("comment_count"):
            return []
        self._share.comments -= 1
        posts: list[dict[str, Any]] = []
        cursor = 0
        for _ in range(_COMMENT_PAGES):
            body = {"video_id": int(mapping.identity_of(video)), "max_count": _MOST}
            data = self._client.ask(
                "video/comment/list", mapping.COMMENT_FIELDS, {**body, "cursor": cursor}
            )
            comments = _items(data, "comments", mapping.identity_of)
            posts += [mapping.comment_post(c, video, region=self._region) for c in comments]
            following = data.get("cursor")
            if data.get("has_more") is not True or not isinstance(following, int):
                break
            cursor = following
        return posts

    def _profile(self, username: str) -> Item:
        if not username or not self._with_profiles:
            return {}
        if username not in self._profiles:
            self._share.profiles -= 1
            try:
                self._profiles[username] = self._client.ask(
                    "user/info", mapping.USER_FIELDS, {"username": username}
                )
            except ParameterRefused:
                # Gone, private or under age since: the video stays without a bio.
                self._profiles[username] = {}
        return self._profiles[username]


def _items(data: Item, name: str, readable: Callable[[Item], object]) -> list[Item]:
    """Return the items that can be read; raise where the list or every item is of another shape."""
    items = data.get(name)
    if items is None and "has_more" in data:
        return []
    if not isinstance(items, list):
        raise AnswerChanged(f"Jawaban TikTok tidak memuat daftar `{name}`.")
    found = [
        item
        for item in items
        if isinstance(item, Mapping) and mapping.identity_of(item) and readable(item) is not None
    ]
    if items and not found:
        raise AnswerChanged(
            f"Tidak satu pun dari {len(items)} butir `{name}` TikTok dapat dibaca: nama kolomnya "
            "berubah."
        )
    return found
