"""The public REST API of Mastodon and servers compatible with it, as far as the collector asks it.

Written from docs.joinmastodon.org, methods/timelines, accounts, statuses, search and
api/rate-limits (repository mastodon/documentation; looked up on 2026-11-23).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from monitor.collectors.base import Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    PlatformDown,
    RateLimited,
    answered,
)
from monitor.errors import UnexpectedAnswer
from monitor.net import Answer

# The most a timeline gives at once; the window of the documented rate limit.
PAGE = 40
RATE_WINDOW = timedelta(minutes=5)
_GONE = (404, 410)
_LINK = re.compile(r'<([^>]*)>\s*;[^<]*?\brel="?(next|prev)"?')


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. `older` and `newer` are None where the server sends no Link header at all."""

    items: list[Any]
    older: str | None = None
    newer: str | None = None


class MastodonApi:
    def __init__(self, tools: Tools, server: str, token: str) -> None:
        self._tools = tools
        self._server = server
        self._token = token
        self.requests = 0

    @property
    def host(self) -> str:
        return urlsplit(self._server).netloc

    def spent(self) -> int:
        """Return the requests made since this was asked last."""
        count, self.requests = self.requests, 0
        return count

    def hashtag(self, tag: str, bounds: Mapping[str, str], *, local: bool) -> Listing:
        params = {"limit": str(PAGE), **({"local": "true"} if local else {}), **bounds}
        answer = self._ask(f"/api/v1/timelines/tag/{quote(tag, safe='')}", params)
        # Documented: a hashtag nobody has used here yet is 404. That is no trouble.
        return Listing([], "", "") if self._told_gone(answer) else self._listing(answer)

    def account_statuses(self, account: str, bounds: Mapping[str, str]) -> Listing | None:
        """Return None where the account is gone."""
        path = f"/api/v1/accounts/{quote(account, safe='')}/statuses"
        answer = self._ask(path, {"limit": str(PAGE), **bounds})
        return None if self._told_gone(answer) else self._listing(answer)

    def search(self, query: str, bounds: Mapping[str, str]) -> Listing:
        params = {"q": query, "type": "statuses", "limit": str(PAGE), **bounds}
        body = self._checked(self._ask("/api/v2/search", params)).json()
        if not isinstance(body, Mapping) or not isinstance(body.get("statuses"), list):
            raise AnswerChanged(
                "Jawaban pencarian tidak memuat `statuses`. Periksa apakah server ini mendukung"
                " /api/v2/search."
            )
        return Listing(body["statuses"])

    def account_id(self, handle: str) -> str | None:
        answer = self._ask("/api/v1/accounts/lookup", {"acct": handle})
        if self._told_gone(answer):
            return None
        body = self._checked(answer).json()
        if not isinstance(body, Mapping) or not isinstance(body.get("id"), str):
            raise AnswerChanged("Jawaban accounts/lookup tidak memuat `id` akun.")
        return str(body["id"])

    def status(self, status: str) -> Mapping[str, Any] | None:
        """Return the status, None where the server itself says that it is gone."""
        answer = self._ask(f"/api/v1/statuses/{quote(status, safe='')}", {})
        if self._told_gone(answer):
            return None
        body = self._checked(answer).json()
        if not isinstance(body, Mapping) or "id" not in body:
            raise AnswerChanged("Jawaban statuses/:id tidak memuat `id`.")
        return body

    def statuses(self, ids: Sequence[str]) -> list[Any] | None:
        """Return those of the statuses that still stand; None on servers older than 4.3."""
        path = "/api/v1/statuses?" + urlencode([("id[]", status) for status in ids])
        answer = self._ask(path, None)
        if answer.status in (400, 404, 405, 422):
            return None
        return self._listing(answer).items

    def fans(self, status: str, what: str, limit: int) -> list[Any]:
        """Return accounts of `favourited_by` or `reblogged_by`, latest first."""
        path = f"/api/v1/statuses/{quote(status, safe='')}/{what}"
        answer = self._ask(path, {"limit": str(limit)})
        return [] if self._told_gone(answer) else self._listing(answer).items

    def _ask(self, path: str, params: Mapping[str, str] | None) -> Answer:
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self.requests += 1
        return self._tools.net.get(self._server + path, params=params, headers=headers)

    def _checked(self, answer: Answer) -> Answer:
        if answer.status in (401, 403, 422) and not self._token:
            raise CredentialsRefused(
                f"Server {self.host} tidak melayani permintaan ini tanpa token"
                f" ({answer.status}). Daftarkan aplikasi di server itu dan isi opsi `token`."
            )
        try:
            return answered(answer, self._tools.now())
        except RateLimited as error:
            raise RateLimited(
                error.detail, until=error.until or self._tools.now() + RATE_WINDOW
            ) from None

    def _told_gone(self, answer: Answer) -> bool:
        """Tell whether the API says so; a 404 of a dead server's front page does not count."""
        if answer.status not in _GONE:
            return False
        try:
            body = answer.json()
        except UnexpectedAnswer:
            body = None
        if not isinstance(body, Mapping) or "error" not in body:
            raise PlatformDown(
                f"Server {self.host} menjawab {answer.status} tanpa bentuk jawaban Mastodon;"
                " dicoba lagi. Bila terus begini, periksa opsi `server`."
            )
        return True

    def _listing(self, answer: Answer) -> Listing:
        body = self._checked(answer).json()
        if not isinstance(body, list):
            raise AnswerChanged(
                f"Server {self.host} tidak menjawab dengan daftar. Periksa apakah server ini"
                " mendukung API Mastodon."
            )
        header = answer.headers.get("link")
        if header is None:
            return Listing(body)
        links = {rel: address for address, rel in _LINK.findall(header)}
        return Listing(
            body, _bound(links.get("next"), "max_id"), _bound(links.get("prev"), "min_id")
        )


def _bound(address: str | None, name: str) -> str:
    """Return only the id: an address out of a header is never followed."""
    if not address:
        return ""
    return parse_qs(urlsplit(address).query).get(name, [""])[0]
