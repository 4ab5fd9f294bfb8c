"""Bluesky's public API as its documentation and lexicons describe it, for what a real server does
not do on demand: limits, errors, broken and changed answers. The real servers: bluesky_network.

Written from https://docs.bsky.app/docs/advanced-guides/rate-limits, …/api-directory and the
lexicons app.bsky.feed.{searchPosts,getAuthorFeed,getPosts,getLikes,getRepostedBy,defs},
app.bsky.actor.{getProfiles,defs}, app.bsky.graph.getFollowers, com.atproto.server.createSession
(https://github.com/bluesky-social/atproto/tree/main/lexicons); looked up 2026-11-23.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson

from tests.http_server import LocalServer, Received, Reply, json_reply, local_server


class FakeBluesky:
    def __init__(self, server: LocalServer) -> None:
        self.url = server.url
        self.received = server.received
        self.profiles: dict[str, dict[str, Any]] = {}
        # Newest first, as every list tells them.
        self.posts: list[dict[str, Any]] = []
        self.likes: list[dict[str, Any]] = []
        self.reposted_by: list[dict[str, Any]] = []
        self.followers: list[dict[str, Any]] = []
        # Replies given instead, first come first, to any request whose target holds the text.
        self.instead: list[tuple[str, Reply]] = []
        # Without a session the public search tells its first page only.
        self.searches_need_session = False
        self.password = ""
        self.sessions = 0
        self.expired: set[str] = set()
        server.route("*", self._answer)

    def asked(self, method: str) -> list[dict[str, str]]:
        return [
            dict(parse_qsl(request.query))
            for request in self.received
            if request.path.endswith(method)
        ]

    def profile(self, name: str, bio: str = "PNS, Guru SDN 3", **changes: Any) -> dict[str, Any]:
        profile = {
            "did": f"did:plc:{name}",
            "handle": f"{name}.bsky.social",
            "displayName": name.title(),
            "description": bio,
            "labels": [],
            **changes,
        }
        self.profiles[profile["did"]] = profile
        return profile

    def post(self, at: datetime, text: str = "Ayo coblos", **changes: Any) -> dict[str, Any]:
        """Put a post on top; `record` and `author` change parts, other fields the view."""
        author = changes.pop("author", None) or next(iter(self.profiles.values()))
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp(at)}
        key = changes.pop("key", f"3k{len(self.posts):04}")
        view = {
            "uri": f"at://{author['did']}/app.bsky.feed.post/{key}",
            "cid": f"bafy{key}",
            "author": {k: v for k, v in author.items() if k != "description"},
            "record": {**record, **changes.pop("record", {})},
            "replyCount": 1,
            "repostCount": 2,
            "likeCount": 3,
            "quoteCount": 0,
            "indexedAt": stamp(changes.pop("indexed", at)),
            "labels": [],
            **changes,
        }
        self.posts.insert(0, view)
        return view

    def like(self, at: datetime, actor: dict[str, Any]) -> None:
        self.likes.insert(0, {"createdAt": stamp(at), "indexedAt": stamp(at), "actor": actor})

    def _answer(self, request: Received) -> Reply:
        for number, (part, reply) in enumerate(self.instead):
            if part in request.target:
                del self.instead[number]
                return reply
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token in self.expired:
            return json_reply({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        query = parse_qsl(request.query)
        method: Callable[..., Reply] = getattr(self, request.path.rpartition(".")[2])
        return method(dict(query), query, request)

    def createSession(self, _: Any, __: Any, request: Received) -> Reply:
        if orjson.loads(request.body)["password"] != self.password:
            body = {
                "error": "AuthenticationRequired",
                "message": "Invalid identifier or password",
            }
            return json_reply(body, 401)
        self.sessions += 1
        return json_reply({"accessJwt": f"kunci-{self.sessions}", "did": "did:plc:lembaga"})

    def searchPosts(self, one: dict[str, str], _: Any, request: Received) -> Reply:
        if self.searches_need_session and "authorization" not in request.headers:
            body = {"error": "AuthMissing", "message": "Authentication Required"}
            if "cursor" in one:
                return json_reply(body, 403)
        return self._page("posts", self.posts, one)

    def getAuthorFeed(self, one: dict[str, str], _: Any, __: Received) -> Reply:
        actor = one["actor"]
        known = [p for p in self.profiles.values() if actor in (p["did"], p["handle"])]
        if not known:
            return json_reply({"error": "InvalidRequest", "message": "Profile not found"}, 400)
        own = [{"post": p} for p in self.posts if p["author"]["did"] == known[0]["did"]]
        return self._page("feed", own, one)

    def getLikes(self, one: dict[str, str], _: Any, __: Received) -> Reply:
        return self._page("likes", self.likes, one, uri=one["uri"])

    def getRepostedBy(self, one: dict[str, str], _: Any, __: Received) -> Reply:
        return self._page("repostedBy", self.reposted_by, one, uri=one["uri"])

    def getFollowers(self, one: dict[str, str], _: Any, __: Received) -> Reply:
        return self._page("followers", self.followers, one, subject=self.profiles[one["actor"]])

    def getProfiles(self, _: Any, query: list[tuple[str, str]], __: Received) -> Reply:
        wanted = {value for name, value in query if name == "actors"}
        assert len(wanted) <= 25
        found = [p for p in self.profiles.values() if {p["did"], p["handle"]} & wanted]
        return json_reply({"profiles": found})

    def getPosts(self, _: Any, query: list[tuple[str, str]], __: Received) -> Reply:
        wanted = {value for name, value in query if name == "uris"}
        assert len(wanted) <= 25
        return json_reply({"posts": [p for p in self.posts if p["uri"] in wanted]})

    def _page(self, field: str, rows: list[Any], one: dict[str, str], **beside: Any) -> Reply:
        """The cursor counts from the top, as the search index's does: what comes in shifts it."""
        start, size = int(one.get("cursor", "0")), int(one.get("limit", "50"))
        body = {field: rows[start : start + size], **beside}
        if start + size < len(rows):
            body["cursor"] = str(start + size)
        return json_reply(body)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@contextmanager
def fake_bluesky() -> Iterator[FakeBluesky]:
    with local_server() as server:
        yield FakeBluesky(server)
