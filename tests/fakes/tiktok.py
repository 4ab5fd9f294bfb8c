"""TikTok's Research API as its documentation says, on a local server.

Looked up 2026-11-23 below https://developers.tiktok.com/doc: client-access-token-management,
research-api-specs-query-videos, research-api-specs-query-video-comments,
research-api-specs-query-user-info, research-api-specs-query-user-liked-videos,
research-api-specs-query-user-reposted-videos, tiktok-api-v2-error-handling and research-api-faq.
That a search expires with "Search Id … is invalid or expired" is from
https://github.com/JBGruber/traktok/issues/17.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.http_server import LocalServer, Received, Reply, json_reply, local_server

KEY, SECRET = "kunci-klien", "rahasia-klien"
DAILY_REQUESTS = 1000


def error(code: str, status: int = 200, **headers: str) -> Reply:
    told = {"code": code, "message": "Pesan TikTok yang tidak boleh tampil", "log_id": "2026LOG"}
    return json_reply({"data": {}, "error": told}, status, **headers)


def ok(data: Any) -> Reply:
    return json_reply({"data": data, "error": {"code": "ok", "message": "", "log_id": "2026LOG"}})


def video(number: int, moment: datetime, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7_300_000_000_000_000_000 + number,
        "create_time": int(moment.timestamp()),
        "username": f"akun{number}",
        "region_code": "ID",
        "video_description": f"dukung paslon {number} #pilkada",
        "voice_to_text": "",
        "hashtag_names": ["pilkada"],
        "like_count": 5,
        "comment_count": 0,
        "share_count": 2,
        "view_count": 90,
        **fields,
    }


class FakeTikTok:
    """Videos, users, comments and lists that tests fill in."""

    def __init__(self, server: LocalServer, now: Callable[[], datetime]) -> None:
        self.url = server.url
        self.received = server.received
        self.now = now
        self.most = 100
        self.videos: list[dict[str, Any]] = []
        self.users: dict[str, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.liked: dict[str, list[dict[str, Any]]] = {}
        self.reposted: dict[str, list[dict[str, Any]]] = {}
        # Replies given instead, first come first, to a request whose path holds the text.
        self.instead: list[tuple[str, Reply]] = []
        self.used: dict[str, int] = {}
        self._searches: dict[str, list[dict[str, Any]]] = {}
        self._tokens: dict[str, datetime] = {}
        server.route("*", self._answer)

    def forget_searches(self) -> None:
        self._searches.clear()

    def forget_tokens(self) -> None:
        self._tokens.clear()

    def asked(self, text: str) -> list[dict[str, Any]]:
        """Return the bodies of the requests to paths that hold the text."""
        return [orjson.loads(r.body) for r in self.received if text in r.path]

    def _answer(self, request: Received) -> Reply:
        for index, (text, reply) in enumerate(self.instead):
            if text in request.path:
                del self.instead[index]
                return reply
        if request.path == "/v2/oauth/token/":
            return self._token(request)
        ends = self._tokens.get(request.headers.get("authorization", ""))
        if ends is None or self.now() >= ends:
            return error("access_token_invalid", 401)
        day = self.now().date().isoformat()
        self.used[day] = self.used.get(day, 0) + 1
        if self.used[day] > DAILY_REQUESTS:
            return error("daily_quota_limit_exceeded", 429)
        assert request.method == "POST" and "fields" in parse_qs(request.query)
        return self._research(
            request.path.removeprefix("/v2/research/"), orjson.loads(request.body)
        )

    def _token(self, request: Received) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form != {
            "client_key": KEY,
            "client_secret": SECRET,
            "grant_type": "client_credentials",
        }:
            return json_reply({"error": "invalid_client", "error_description": "x", "log_id": "1"})
        token = f"clt.{len(self._tokens)}"
        self._tokens[f"Bearer {token}"] = self.now() + timedelta(seconds=7200)
        return json_reply({"access_token": token, "expires_in": 7200, "token_type": "Bearer"})

    def _research(self, path: str, body: dict[str, Any]) -> Reply:
        match path:
            case "video/query/":
                return self._query(body)
            case "video/comment/list/":
                return self._list(self.comments.get(body["video_id"], []), body, "comments")
            case "user/info/":
                user = self.users.get(body["username"])
                return ok(user) if user else error("invalid_params", 400)
            case "user/liked_videos/" if body["username"] in self.liked:
                return self._list(self.liked[body["username"]], body, "user_liked_videos")
            case "user/reposted_videos/" if body["username"] in self.reposted:
                return self._list(self.reposted[body["username"]], body, "user_reposted_videos")
        return error("invalid_params", 400)

    def _query(self, body: dict[str, Any]) -> Reply:
        start, end = _day(body["start_date"]), _day(body["end_date"])
        if not timedelta(0) <= end - start <= timedelta(days=30):
            return error("invalid_params", 400)
        search_id = body.get("search_id", "")
        if search_id and search_id not in self._searches:
            return error("invalid_params", 400)
        if not search_id:
            search_id = str(7_378_000_000 + len(self.received))
            self._searches[search_id] = [
                item
                for item in self.videos
                if start.timestamp() <= item["create_time"] < (end + timedelta(days=1)).timestamp()
                and _matches(item, body["query"])
            ]
        found = self._searches[search_id]
        at = body.get("cursor", 0)
        until = at + min(body.get("max_count", 20), self.most)
        return ok(
            {
                "videos": found[at:until],
                "cursor": until,
                "has_more": until < len(found),
                "search_id": search_id,
            }
        )

    def _list(self, items: list[dict[str, Any]], body: dict[str, Any], name: str) -> Reply:
        at = body.get("cursor", 0)
        until = at + min(body.get("max_count", 10), self.most)
        return ok({name: items[at:until], "cursor": until, "has_more": until < len(items)})


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)


def _matches(item: dict[str, Any], query: dict[str, Any]) -> bool:
    assert query.get("and") or query.get("or")
    all_of = all(_meets(item, condition) for condition in query.get("and", []))
    any_of = query.get("or")
    return all_of and (not any_of or any(_meets(item, condition) for condition in any_of))


def _meets(item: dict[str, Any], condition: dict[str, Any]) -> bool:
    values = condition["field_values"]
    assert condition["operation"] == "IN" or len(values) == 1
    match condition["field_name"]:
        case "keyword":
            return values[0] in item.get("video_description", "")
        case "hashtag_name":
            return bool(set(values) & set(item.get("hashtag_names", [])))
        case "video_id":
            return str(item["id"]) in values
        case name:
            return item.get(name) in values


@contextmanager
def fake_tiktok(now: Callable[[], datetime]) -> Iterator[FakeTikTok]:
    with local_server() as server:
        yield FakeTikTok(server, now)
