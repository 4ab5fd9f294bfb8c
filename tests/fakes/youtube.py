"""The YouTube Data API v3 as developers.google.com/youtube/v3/docs describes it (2026-11-23).

Pages: search/list, channels/list, playlistItems/list, videos/list, commentThreads/list,
comments/list, errors, and /youtube/data/determine_quota_cost. Page tokens are offsets.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.http_server import LocalServer, Received, Reply, json_reply, local_server

KEY = "kunci-rahasia"


def error_reply(status: int, reason: str, **headers: str) -> Reply:
    error = {"code": status, "message": reason, "errors": [{"reason": reason, "domain": "x"}]}
    return json_reply({"error": error}, status, **headers)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class FakeYouTube:
    def __init__(self, server: LocalServer) -> None:
        self.base = f"{server.url}/youtube/v3"
        self.received = server.received
        self.page = 50
        # Replies that a thread brings along; the others are had by comments.list.
        self.inline = 2
        self.channels: dict[str, dict[str, Any]] = {}
        self.videos: dict[str, dict[str, Any]] = {}
        self.threads: dict[str, list[dict[str, Any]]] = {}
        self.replies: dict[str, list[dict[str, Any]]] = {}
        self.comments_off: set[str] = set()
        self.instead: list[tuple[str, Reply]] = []
        # Shuffles or repeats what a list gives, as a test asks for.
        self.disorder: dict[str, list[int]] = {}
        server.route("*", self._answer)

    def channel(self, number: int, **snippet: Any) -> str:
        name = f"UC{number:022d}"
        self.channels[name] = {
            "kind": "youtube#channel",
            "id": name,
            "snippet": {
                "title": f"Kanal {number}",
                "description": "PNS di Dinas Pendidikan",
                "customUrl": f"@kanal{number}",
                "country": "ID",
                **snippet,
            },
            "contentDetails": {"relatedPlaylists": {"uploads": "UU" + name[2:]}},
        }
        return name

    def video(self, number: int, channel: str, at: datetime, **snippet: Any) -> str:
        name = f"vid{number:08d}"
        self.videos[name] = {
            "kind": "youtube#video",
            "id": name,
            "snippet": {
                "publishedAt": stamp(at),
                "channelId": channel,
                "title": f"Kampanye {number}",
                "description": "Dukung paslon 2",
                "channelTitle": "Kanal",
                **snippet,
            },
            "statistics": {"viewCount": "12", "likeCount": "3", "commentCount": "1"},
        }
        return name

    def comment(self, video: str, number: int, author: str, at: datetime, **snippet: Any) -> str:
        name = f"Ug{number:024d}"
        top = self._comment(name, author, at, snippet)
        self.threads.setdefault(video, []).append(top)
        return name

    def reply(self, parent: str, number: int, author: str, at: datetime) -> str:
        name = f"{parent}.{number:022d}"
        self.replies.setdefault(parent, []).append(
            self._comment(name, author, at, {"parentId": parent})
        )
        return name

    def asked(self, resource: str) -> list[dict[str, str]]:
        path = f"/youtube/v3/{resource}"
        return [_query(request) for request in self.received if request.path == path]

    def _comment(
        self, name: str, author: str, at: datetime, snippet: dict[str, Any]
    ) -> dict[str, Any]:
        shown = {"authorDisplayName": f"@{author[-3:]}", "authorChannelId": {"value": author}}
        own = {"textDisplay": f"Komentar {name[-4:]}", "likeCount": 4}
        times = {"publishedAt": stamp(at), "updatedAt": stamp(at)}
        return {
            "kind": "youtube#comment",
            "id": name,
            "snippet": {**(shown if author else {}), **own, **times, **snippet},
        }

    def _answer(self, request: Received) -> Reply:
        resource = request.path.rpartition("/")[2]
        for number, (part, reply) in enumerate(self.instead):
            if part == resource:
                del self.instead[number]
                return reply
        if request.headers.get("x-goog-api-key") != KEY:
            return error_reply(400, "keyInvalid")
        answer: Reply = getattr(self, f"_{resource}")(request, _query(request))
        return answer

    def _search(self, request: Received, query: dict[str, str]) -> Reply:
        found = [
            {"kind": "youtube#searchResult", "id": {"videoId": name}, "snippet": video["snippet"]}
            for name, video in self.videos.items()
            if video["snippet"]["publishedAt"] >= query["publishedAfter"]
            and query["q"] in video["snippet"]["title"]
        ]
        return self._listed(request, query, "search", _latest(found))

    def _channels(self, request: Received, query: dict[str, str]) -> Reply:
        if handle := query.get("forHandle"):
            found = [c for c in self.channels.values() if c["snippet"].get("customUrl") == handle]
        else:
            names = query["id"].split(",")
            found = [self.channels[name] for name in names if name in self.channels]
        # Documented: without results there is no `items`.
        body = {"kind": "youtube#channelListResponse", **({"items": found} if found else {})}
        return json_reply(body)

    def _playlistItems(self, request: Received, query: dict[str, str]) -> Reply:
        channel = "UC" + query["playlistId"][2:]
        if channel not in self.channels:
            return error_reply(404, "playlistNotFound")
        found = [
            {
                "kind": "youtube#playlistItem",
                "snippet": video["snippet"],
                "contentDetails": {
                    "videoId": name,
                    "videoPublishedAt": video["snippet"]["publishedAt"],
                },
            }
            for name, video in self.videos.items()
            if video["snippet"]["channelId"] == channel
        ]
        return self._listed(request, query, "playlistItems", _latest(found))

    def _videos(self, request: Received, query: dict[str, str]) -> Reply:
        names = query["id"].split(",")
        found = [self.videos[name] for name in names if name in self.videos]
        return json_reply({"kind": "youtube#videoListResponse", "items": found})

    def _commentThreads(self, request: Received, query: dict[str, str]) -> Reply:
        video = query["videoId"]
        if video not in self.videos:
            return error_reply(404, "videoNotFound")
        if video in self.comments_off:
            return error_reply(403, "commentsDisabled")
        tops = _latest(self.threads.get(video, []))
        return self._listed(
            request, query, "commentThreads", [self._thread(video, top) for top in tops]
        )

    def _thread(self, video: str, top: dict[str, Any]) -> dict[str, Any]:
        replies = _latest(self.replies.get(top["id"], []))
        snippet = {"videoId": video, "topLevelComment": top, "totalReplyCount": len(replies)}
        thread = {"kind": "youtube#commentThread", "id": top["id"], "snippet": snippet}
        return {**thread, "replies": {"comments": replies[: self.inline]}} if replies else thread

    def _comments(self, request: Received, query: dict[str, str]) -> Reply:
        if parent := query.get("parentId"):
            return self._listed(request, query, "comments", self.replies.get(parent, []))
        everything = [c for cs in (*self.threads.values(), *self.replies.values()) for c in cs]
        found = [c for c in everything if c["id"] == query["id"]]
        return json_reply({"kind": "youtube#commentListResponse", "items": found})

    def _listed(
        self, request: Received, query: dict[str, str], resource: str, items: list[Any]
    ) -> Reply:
        if order := self.disorder.get(resource):
            items = [items[number] for number in order]
        start = int(query.get("pageToken") or 0)
        body: dict[str, Any] = {
            "kind": f"youtube#{resource}ListResponse",
            "items": items[start : start + self.page],
        }
        if start + self.page < len(items):
            body["nextPageToken"] = str(start + self.page)
        body["etag"] = hashlib.sha256(orjson.dumps(body)).hexdigest()[:27]
        if request.headers.get("if-none-match") == body["etag"]:
            return Reply(304)
        return json_reply(body)


def _latest(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: str(item["snippet"]["publishedAt"]), reverse=True)


def _query(request: Received) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(request.query).items()}


@contextmanager
def fake_youtube() -> Iterator[FakeYouTube]:
    with local_server() as server:
        yield FakeYouTube(server)
