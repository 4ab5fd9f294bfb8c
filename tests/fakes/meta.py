"""Graph API and Threads API as Meta's documentation says, on a local server.

Looked up 2026-11-23 below https://developers.facebook.com/docs: graph-api/results (cursors, `next`
with the token in it), graph-api/guides/error-handling, graph-api/overview/rate-limiting,
graph-api/guides/secure-requests, graph-api/reference/page/feed (v25.0),
graph-api/reference/object/comments, instagram-api/reference/ig-user/business_discovery,
instagram-api/guides/hashtag-search, instagram-api/reference/ig-hashtag/recent-media,
threads/keyword-search (text of 2026-01-21), threads/reference/media-retrieval and
threads/threads-profiles. The shape of the limit headers is that of the rate-limiting page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.http_server import LocalServer, Received, Reply, json_reply, local_server

TOKEN = "EAAG-rahasia-meta"
_DISCOVERY = re.compile(
    r"business_discovery\.username\((?P<name>[^)]*)\)\{id,username,name,biography,media"
    r"(?:\.after\((?P<after>[^)]*)\))?\.limit\((?P<limit>\d+)\)\{[a-z_,]+\}\}"
)


def at(moment: datetime) -> str:
    """Write a time as Graph does: `2019-05-17T16:24:04+0000`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def graph_error(code: int, subcode: int = 0, status: int = 400, **headers: str) -> Reply:
    error: dict[str, Any] = {
        "message": "Pesan dari Meta yang tidak boleh tampil",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "EJplcsCHuLu",
    }
    if subcode:
        error["error_subcode"] = subcode
    return json_reply({"error": error}, status, **headers)


class FakeMeta:
    """Pages, comments, accounts, hashtags and threads that tests fill in, newest first."""

    def __init__(self, server: LocalServer) -> None:
        self.url = server.url
        self.received = server.received
        # However much is asked for, no answer holds more.
        self.most = 100
        self.heeds_since = True
        self.pages: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, list[dict[str, Any]]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.media: dict[str, list[dict[str, Any]]] = {}
        self.hashtags: dict[str, list[dict[str, Any]]] = {}
        self.threads: list[dict[str, Any]] = []
        self.profiles: dict[str, dict[str, Any]] = {}
        # Replies given instead, first come first, to a request whose path and query hold the text.
        self.instead: list[tuple[str, Reply]] = []
        # Where an edge starts anew, a cursor that was given out before is refused.
        self.expired: set[str] = set()
        self.headers: dict[str, str] = {}
        server.route("*", self._answer)

    def page(self, name: str, count: int, newest: datetime, step: int = 60) -> None:
        """Make a page with posts 0 (oldest) to count-1, `step` seconds apart."""
        number = str(100 + len(self.pages))
        self.pages[name] = {
            "id": number,
            "name": f"Halaman {name}",
            "username": name,
            "about": "Dinas Pendidikan",
            "location": {"city": "Sragen", "country": "Indonesia"},
        }
        first = newest.timestamp() - step * (count - 1)
        self.posts[name] = [
            self.post(number, n, datetime.fromtimestamp(first + step * n, UTC))
            for n in range(count)
        ]

    def post(self, page: str, number: int, moment: datetime, **fields: Any) -> dict[str, Any]:
        return {
            "id": f"{page}_{number}",
            "message": f"unggahan {number}",
            "created_time": at(moment),
            "updated_time": at(moment),
            "permalink_url": f"https://www.facebook.com/{page}/posts/{number}",
            "shares": {"count": 2},
            "reactions": {"data": [], "summary": {"total_count": 5}},
            "comments": {"data": [], "summary": {"total_count": 1}},
            **fields,
        }

    def asked(self, text: str) -> list[Received]:
        return [request for request in self.received if text in request.target]

    def _answer(self, request: Received) -> Reply:
        for index, (text, reply) in enumerate(self.instead):
            if text in request.target:
                del self.instead[index]
                return reply
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return graph_error(190, 463, 401)
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        _, version, *parts = request.path.split("/")
        assert re.fullmatch(r"v\d+\.\d", version)
        return self._route(parts, query)

    def _route(self, parts: list[str], query: dict[str, str]) -> Reply:
        match parts:
            case ["keyword_search"]:
                return self._search(query)
            case ["profile_lookup"]:
                profile = self.profiles.get(query["username"])
                return self._reply(profile) if profile else graph_error(100, 33)
            case ["ig_hashtag_search"]:
                return self._hashtag(query["q"])
            case [number, "recent_media"]:
                return self._recent(number, query)
            case [name, "posts"] if name in self.posts:
                return self._edge(self._since(self.posts[name], query), query)
            case [post, "comments"] if post in self.comments:
                return self._edge(self.comments[post], query)
            case [name] if "business_discovery" in query.get("fields", ""):
                return self._discovery(query["fields"])
            case [name]:
                return self._node(name)
        return graph_error(100, 33)

    def _hashtag(self, tag: str) -> Reply:
        if tag not in self.hashtags:
            return graph_error(24, 2207024)
        return self._reply({"data": [{"id": hashtag_id(tag)}]})

    def _node(self, name: str) -> Reply:
        nodes = {
            "me": {"id": "1"},
            **self.pages,
            **{page["id"]: page for page in self.pages.values()},
        }
        for items in (*self.posts.values(), *self.comments.values(), self.threads):
            nodes |= {item["id"]: item for item in items if "id" in item}
        return self._reply(nodes[name]) if name in nodes else graph_error(100, 33)

    def _since(self, items: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
        since = int(query.get("since", "0")) if self.heeds_since else 0
        return [item for item in items if _second(item["created_time"]) >= since]

    def _edge(
        self, items: list[dict[str, Any]], query: dict[str, str], field: str = "created_time"
    ) -> Reply:
        newest = sorted(items, key=lambda item: _second(item[field]), reverse=True)
        if query.get("after", "") in self.expired:
            return graph_error(100)
        start = int(query.get("after", "c0")[1:])
        end = start + min(int(query.get("limit", "25")), self.most)
        body: dict[str, Any] = {"data": newest[start:end]}
        if body["data"]:
            body["paging"] = {"cursors": {"before": f"c{start}", "after": f"c{end}"}}
            if end < len(newest):
                body["paging"]["next"] = f"{self.url}/v26.0/x?access_token={TOKEN}&after=c{end}"
        return self._reply(body)

    def _discovery(self, fields: str) -> Reply:
        asked = _DISCOVERY.fullmatch(fields)
        if asked is None or asked["name"] not in self.accounts:
            return graph_error(110, 2207013)
        name = asked["name"]
        query = {"limit": asked["limit"], "after": asked["after"] or "c0"}
        edge = self._edge(self.media.get(name, []), query, "timestamp")
        if edge.status != 200:
            return edge
        assert isinstance(edge.body, bytes)
        # The example of the documentation has cursors here, but no `next`.
        body = {**self.accounts[name], "media": _without_next(edge.body)}
        return self._reply({"business_discovery": body, "id": "17841405309211844"})

    def _recent(self, number: str, query: dict[str, str]) -> Reply:
        assert query["user_id"]
        for tag, items in self.hashtags.items():
            if hashtag_id(tag) == number:
                edge = self._edge(items, query, "timestamp")
                if edge.status != 200:
                    return edge
                assert isinstance(edge.body, bytes)
                return self._reply(_without_next(edge.body))
        return graph_error(100, 33)

    def _search(self, query: dict[str, str]) -> Reply:
        assert query["search_type"] == "RECENT" and int(query["since"]) >= 1688540400
        until = int(query.get("until", "9999999999"))
        items = [
            item
            for item in self.threads
            if query["q"] in item["text"]
            and int(query["since"]) <= _second(item["timestamp"]) <= until
            and query.get("author_username", item.get("username")) == item.get("username")
        ]
        items.sort(key=lambda item: _second(item["timestamp"]), reverse=True)
        return self._reply({"data": items[: min(int(query["limit"]), self.most)]})

    def _reply(self, body: Any) -> Reply:
        return json_reply(body, 200, **self.headers)


def hashtag_id(tag: str) -> str:
    return str(17_800_000_000_000_000 + sum(ord(letter) for letter in tag))


def _second(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _without_next(body: bytes) -> dict[str, Any]:
    edge: dict[str, Any] = orjson.loads(body)
    edge.get("paging", {}).pop("next", None)
    return edge


@contextmanager
def fake_meta() -> Iterator[FakeMeta]:
    with local_server() as server:
        yield FakeMeta(server)
