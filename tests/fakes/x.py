"""The X API v2 as its documentation says, on a local server.

Looked up 2026-11-23: https://docs.x.com/x-api/posts/search/integrate/paginate (newest first,
`next_token`, `since_id`), https://docs.x.com/x-api/posts/timelines/integrate,
https://docs.x.com/x-api/fundamentals/response-codes-and-errors (problems, partial errors),
https://docs.x.com/x-api/fundamentals/edit-posts, https://docs.x.com/x-api/usage/introduction.
The body of a usage cap is the one in https://github.com/xdevplatform/xdk/issues/25.
"""

from typing import Any
from urllib.parse import parse_qs

from tests.http_server import LocalServer, Received, Reply, json_reply

PROBLEMS = "https://api.x.com/2/problems/"
TOKEN = "AAAA-rahasia-x"
USAGE_CAPPED = {
    "account_id": 1,
    "product_name": "standard-basic",
    "title": "UsageCapExceeded",
    "period": "Monthly",
    "scope": "Product",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": "https://api.twitter.com/2/problems/usage-capped",
}


def user(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "username": f"akun{number}",
        "name": f"Akun {number}",
        "description": "Guru SDN 3",
        "location": "Sragen",
        **fields,
    }


def post(number: int, author: int = 7, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": f"unggahan {number}",
        "author_id": str(author),
        "created_at": "2026-11-23T03:00:00.000Z",
        "edit_history_tweet_ids": [str(number)],
        "public_metrics": {
            "retweet_count": 2,
            "quote_count": 1,
            "reply_count": 3,
            "like_count": 5,
            "impression_count": 90,
        },
        **fields,
    }


class FakeX:
    """Posts, accounts and lists that tests fill in; pages of `page_size`, newest first."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.posts: list[dict[str, Any]] = []
        self.users = {"7": user(7)}
        self.includes: dict[str, list[dict[str, Any]]] = {}
        self.likers: dict[str, list[dict[str, Any]]] = {}
        self.reposters: dict[str, list[dict[str, Any]]] = {}
        self.page_size = 3
        self.oldest_since = 0
        self.cap_reset_day: int | None = None
        # Replies that come before the ordinary ones, and one per path that replaces them.
        self.first: list[Reply] = []
        self.instead: dict[str, Reply] = {}
        server.route("*", self._answer)

    def queries(self, path: str) -> list[dict[str, str]]:
        return [_query(one) for one in self.server.received if one.path == path]

    def _answer(self, request: Received) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_reply({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401)
        if self.first:
            return self.first.pop(0)
        if request.path in self.instead:
            return self.instead[request.path]
        query, parts = _query(request), request.path.strip("/").split("/")
        match parts:
            case ["2", "tweets", "search", "recent"]:
                return self._page(self.posts, query, query.get("next_token"))
            case ["2", "users", "by"]:
                return self._users(query["usernames"].split(","))
            case ["2", "users", account, "tweets"]:
                mine = [one for one in self.posts if one.get("author_id") == account]
                return self._page(mine, query, query.get("pagination_token"))
            case ["2", "tweets", number, "liking_users" | "retweeted_by" as listing]:
                listed = self.likers if listing == "liking_users" else self.reposters
                found = listed.get(number, [])
                return json_reply({"data": found, "meta": {"result_count": len(found)}})
            case ["2", "tweets"]:
                return self._lookup(query["ids"].split(","))
            case ["2", "usage", "tweets"] if self.cap_reset_day is not None:
                return json_reply({"data": {"cap_reset_day": self.cap_reset_day}})
        return json_reply({"title": "Not Found", "status": 404}, 404)

    def _page(self, posts: list[dict[str, Any]], query: dict[str, str], token: str | None) -> Reply:
        since = int(query.get("since_id", 0))
        if since and since < self.oldest_since:
            return _invalid({"since_id": [query["since_id"]]})
        start = until = 0
        if token:
            # A token keeps its result however many posts come later.
            kind, _, rest = token.partition("-")
            if kind != "t":
                return _invalid({"next_token": [token]})
            until, start = (int(part) for part in rest.split("-"))
        found = sorted(
            (one for one in posts if int(one["id"]) > since),
            key=lambda one: -int(one["id"]),
        )
        until = until or int(found[0]["id"]) if found else 0
        found = [one for one in found if int(one["id"]) <= until]
        page = found[start : start + self.page_size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if start + self.page_size < len(found):
            meta["next_token"] = f"t-{until}-{start + self.page_size}"
        if not page:
            return json_reply({"meta": meta})
        return json_reply({"data": page, "includes": self._includes(page), "meta": meta})

    def _includes(self, page: list[dict[str, Any]]) -> dict[str, Any]:
        users = [self.users[one["author_id"]] for one in page if one.get("author_id") in self.users]
        return {**self.includes, "users": [*users, *self.includes.get("users", [])]}

    def _users(self, handles: list[str]) -> Reply:
        known = {one["username"].lower(): one for one in self.users.values()}
        errors = [
            {"value": handle, "resource_type": "user", "type": PROBLEMS + "resource-not-found"}
            for handle in handles
            if handle not in known
        ]
        body: dict[str, Any] = {"data": [known[one] for one in handles if one in known]}
        if not body["data"]:
            body.pop("data")
        return json_reply(body | ({"errors": errors} if errors else {}))

    def _lookup(self, numbers: list[str]) -> Reply:
        found = [one for one in self.posts if one["id"] in numbers]
        if found:
            return json_reply({"data": found, "includes": self._includes(found)})
        error = {"resource_id": numbers[0], "type": PROBLEMS + "resource-not-found"}
        return json_reply({"errors": [error]})


def _invalid(parameters: dict[str, list[str]]) -> Reply:
    error = {"parameters": parameters, "message": "invalid"}
    return json_reply(
        {"errors": [error], "title": "Invalid Request", "type": PROBLEMS + "invalid-request"}, 400
    )


def _query(request: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.query).items()}
