"""A Mastodon server as docs.joinmastodon.org describes it (looked up on 2026-11-23).

Pages: methods/timelines, methods/accounts, methods/statuses, methods/search, api/rate-limits and
api/guidelines (pagination). Ids are made of the time a status was written, also for statuses of
other servers that arrive later; `min_id` pages forward, `max_id` back, search only back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.http_server import LocalServer, Received, Reply, json_reply, local_server


def status_id(at: datetime, number: int = 0) -> str:
    return str((int(at.timestamp() * 1000) << 16) + number)


class FakeMastodon:
    def __init__(self, server: LocalServer) -> None:
        self.url = server.url
        self.host = server.url.removeprefix("http://")
        self.received = server.received
        self.page = 40
        self.token = ""
        self.many_at_once = True
        self.statuses: dict[str, dict[str, Any]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.likers: dict[str, list[dict[str, Any]]] = {}
        self.boosters: dict[str, list[dict[str, Any]]] = {}
        # Replies given instead, first come first, to any request whose path holds the text.
        self.instead: list[tuple[str, Reply]] = []
        server.route("*", self._answer)

    def account(self, acct: str, **changes: Any) -> dict[str, Any]:
        number = str(len(self.accounts) + 1)
        account = {
            "id": number,
            "username": acct.partition("@")[0],
            "acct": acct,
            "display_name": acct.title(),
            "note": "<p>Guru SDN 3 &amp; PNS</p>",
            "url": f"https://{acct.partition('@')[2] or 'contoh.example'}/@{acct}",
            "bot": False,
            "fields": [{"name": "Lokasi", "value": "Sragen", "verified_at": None}],
            **changes,
        }
        self.accounts[number] = account
        return account

    def post(self, at: datetime, text: str = "Ayo <b>coblos</b>", **changes: Any) -> dict[str, Any]:
        number = changes.pop("id", "") or status_id(at, len(self.statuses))
        account = changes.pop("account", None) or next(iter(self.accounts.values()))
        status = {
            "id": number,
            "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "in_reply_to_id": None,
            "spoiler_text": "",
            "visibility": "public",
            "language": "id",
            "uri": f"https://contoh.example/users/x/statuses/{number}",
            "url": f"https://contoh.example/@x/{number}",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": None,
            "content": f"<p>{text}</p>",
            "reblog": None,
            "account": account,
            "media_attachments": [],
            "tags": [{"name": "pilkada"}],
            **changes,
        }
        self.statuses[number] = status
        return status

    def like(self, status: dict[str, Any], account: dict[str, Any]) -> None:
        self.likers.setdefault(status["id"], []).insert(0, account)
        status["favourites_count"] = len(self.likers[status["id"]])

    def boost(self, status: dict[str, Any], account: dict[str, Any]) -> None:
        self.boosters.setdefault(status["id"], []).insert(0, account)
        status["reblogs_count"] = len(self.boosters[status["id"]])

    def paths(self, part: str) -> list[str]:
        return [request.target for request in self.received if part in request.path]

    def _answer(self, request: Received) -> Reply:
        for number, (part, reply) in enumerate(self.instead):
            if part in request.path:
                del self.instead[number]
                return reply
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return json_reply({"error": "The access token is invalid"}, 401)
        query = {name: values[-1] for name, values in parse_qs(request.query).items()}
        return self._routed(request, unquote(request.path).split("/")[2:], query)

    def _routed(self, request: Received, path: list[str], query: dict[str, str]) -> Reply:
        match path:
            case ["v1", "timelines", "tag", tag]:
                tagged = [s for s in self.statuses.values() if tag in _tags(s)]
                return self._timeline(request, tagged, query)
            case ["v1", "accounts", "lookup"]:
                found = [a for a in self.accounts.values() if a["acct"] == query["acct"]]
                return json_reply(found[0]) if found else _not_found()
            case ["v1", "accounts", number, "statuses"]:
                if number not in self.accounts:
                    return _not_found()
                own = [
                    s for s in self.statuses.values() if (s["account"] or {}).get("id") == number
                ]
                return self._timeline(request, own, query)
            case ["v2", "search"]:
                below = [s for s in self.statuses.values() if query["q"] in s["content"]]
                found = _latest(
                    [s for s in below if int(s["id"]) < int(query.get("max_id", 1 << 80))]
                )
                return json_reply({"accounts": [], "statuses": found[: self.page], "hashtags": []})
            case ["v1", "statuses"] if self.many_at_once:
                wanted = parse_qs(request.query).get("id[]", [])
                return json_reply([self.statuses[n] for n in wanted if n in self.statuses])
            case ["v1", "statuses", number]:
                return (
                    json_reply(self.statuses[number]) if number in self.statuses else _not_found()
                )
            case ["v1", "statuses", number, "favourited_by"]:
                return json_reply(self.likers.get(number, [])[: int(query["limit"])])
            case ["v1", "statuses", number, "reblogged_by"]:
                return json_reply(self.boosters.get(number, [])[: int(query["limit"])])
        return _not_found()

    def _timeline(
        self, request: Received, statuses: list[dict[str, Any]], query: dict[str, str]
    ) -> Reply:
        low, high = int(query.get("min_id", 0)), int(query.get("max_id", 1 << 80))
        found = _latest([s for s in statuses if low < int(s["id"]) < high])
        found = found[-self.page :] if "min_id" in query else found[: self.page]
        if not found:
            return json_reply([])
        base = f"{self.url}{request.path}?limit={self.page}"
        links = [f'<{base}&min_id={found[0]["id"]}>; rel="prev"']
        if len(found) == self.page:
            links.insert(0, f'<{base}&max_id={found[-1]["id"]}>; rel="next"')
        return json_reply(found, Link=", ".join(links))


def _latest(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(statuses, key=lambda status: int(status["id"]), reverse=True)


def _tags(status: dict[str, Any]) -> list[str]:
    return [tag["name"] for tag in status["tags"]]


def _not_found() -> Reply:
    return json_reply({"error": "Record not found"}, 404)


@contextmanager
def fake_mastodon() -> Iterator[FakeMastodon]:
    with local_server() as server:
        yield FakeMastodon(server)
