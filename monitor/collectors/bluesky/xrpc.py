"""Asks Bluesky's documented XRPC endpoints, with the institution's session where one is set.

Written from https://docs.bsky.app/docs/advanced-guides/api-directory (hosts, who asks where),
https://docs.bsky.app/docs/advanced-guides/rate-limits and the lexicons of app.bsky and com.atproto
(https://github.com/bluesky-social/atproto, folder lexicons); all looked up 2026-11-23.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlencode

from monitor.collectors.base import Tools
from monitor.collectors.bluesky.options import BlueskyOptions
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    SourceGone,
    answered,
)
from monitor.errors import ConfigurationError, UnexpectedAnswer
from monitor.net import Answer

Params = Sequence[tuple[str, str]]

# What one request may name, by the lexicons of getProfiles and getPosts.
MOST_NAMES = 25

_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_NEEDS_SESSION = frozenset({"AuthMissing", "AuthenticationRequired"})
_CLOSED = frozenset({"AccountTakedown", "AccountDeactivated", "RepoTakendown", "RepoDeactivated"})
_NOT_FOUND = ("profile not found", "actor not found", "could not find", "unable to resolve handle")


class Xrpc:
    """One run's way to the API; counts its requests, which is what a page costs."""

    def __init__(self, tools: Tools, options: BlueskyOptions) -> None:
        self._net = tools.net
        self._now = tools.now
        self._session = Session(tools, options) if options.account else None
        self._server = options.login_server if self._session else options.server
        self._asked = 0

    @property
    def has_session(self) -> bool:
        return self._session is not None

    def take_cost(self) -> int:
        """Return how many requests went out since this was last asked."""
        cost, self._asked = self._asked, 0
        return cost

    def get(self, method: str, params: Params) -> dict[str, Any]:
        """Return the answer of a query; raise the trouble that anything else means."""
        answer = self._ask(method, params)
        if self._session and _error_of(answer) in _EXPIRED:
            self._session.forget()
            answer = self._ask(method, params)
        if not 200 <= answer.status < 300:
            self._refuse(answer)
        return _json_object(answer)

    def many(self, method: str, name: str, values: Sequence[str], field: str) -> list[Any]:
        """Ask for things by name, as many at once as the lexicon allows."""
        found: list[Any] = []
        for start in range(0, len(values), MOST_NAMES):
            params = [(name, value) for value in values[start : start + MOST_NAMES]]
            found += list_of(self.get(method, params), field, method)
        return found

    def _ask(self, method: str, params: Params) -> Answer:
        headers = {"Accept": "application/json"}
        if self._session:
            headers["Authorization"] = f"Bearer {self._session.token()}"
        self._asked += 1
        # Repeated names (`uris=a&uris=b`) do not fit a mapping, so the query is written here.
        url = f"{self._server}/xrpc/{method}?{urlencode(list(params))}"
        return self._net.get(url, headers=headers)

    def _refuse(self, answer: Answer) -> NoReturn:
        error = _error_of(answer)
        if error in _CLOSED or (answer.status in (400, 404) and _message_says_not_found(answer)):
            raise SourceGone("Akun tidak ditemukan atau ditutup. Periksa penulisannya.")
        if self._session is None and (error in _NEEDS_SESSION or answer.status in (401, 403)):
            raise CredentialsRefused(
                f"Bluesky menolak permintaan tanpa sesi ({answer.status}); pencarian sering kali"
                " hanya dilayani dengan sesi. Isi opsi account dan app_password dengan akun milik"
                " lembaga, atau pakai mode accounts."
            )
        if answer.status == 400:
            raise AnswerChanged(
                f"Bluesky menolak permintaan ini (400, {error or 'tanpa keterangan'})."
                " Periksa opsi sumber ini."
            )
        answered(answer, self._now())
        raise AnswerChanged(f"Bluesky menjawab status {answer.status} yang tidak didokumentasikan.")


class Session:
    """The institution's own account, by an app password; the token lives in memory only."""

    # Sessions may be begun 300 times a day and account, so they outlive a run. Never stored.
    _tokens: ClassVar[dict[tuple[str, str], str]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, tools: Tools, options: BlueskyOptions) -> None:
        self._tools = tools
        self._options = options
        self._key = (options.login_server, options.account)

    def token(self) -> str:
        with self._lock:
            if self._key not in self._tokens:
                self._tokens[self._key] = self._begin()
            return self._tokens[self._key]

    def forget(self) -> None:
        with self._lock:
            self._tokens.pop(self._key, None)

    def _begin(self) -> str:
        password = _read_password(self._tools.credentials.read, self._options.app_password)
        answer = self._tools.net.request(
            "POST",
            f"{self._options.login_server}/xrpc/com.atproto.server.createSession",
            json={"identifier": self._options.account, "password": password},
        )
        if answer.status in (400, 401, 403):
            raise CredentialsRefused(
                "Bluesky menolak account atau app_password. Buat app password baru di Settings >"
                " Privacy and Security > App Passwords, lalu perbarui berkas kredensialnya."
            )
        answered(answer, self._tools.now())
        token = _json_object(answer).get("accessJwt")
        if not isinstance(token, str) or not token:
            raise AnswerChanged("Jawaban createSession tanpa accessJwt.")
        return token


def list_of(body: dict[str, Any], field: str, method: str) -> list[Any]:
    """Return the documented list of an answer. Raises AnswerChanged when it is not there."""
    value = body.get(field)
    if not isinstance(value, list):
        raise AnswerChanged(
            f"Jawaban {method} tanpa daftar {field!r} seperti yang didokumentasikan."
            " Laporkan kepada pengembang Netra."
        )
    return value


def parse_time(value: object) -> datetime | None:
    """Read a lexicon datetime; None for anything else, or without the required offset."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _read_password(read: Callable[[str], str], name: str) -> str:
    try:
        return read(name)
    except ConfigurationError as error:
        raise NotConfigured(error.detail) from None


def _json_object(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    if not isinstance(body, dict):
        raise AnswerChanged("Jawaban Bluesky bukan objek JSON seperti yang didokumentasikan.")
    return body


def _error_fields(answer: Answer) -> tuple[str, str]:
    if 200 <= answer.status < 300:
        return "", ""
    try:
        body = answer.json()
    except UnexpectedAnswer:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    name, message = body.get("error"), body.get("message")
    return (
        name if isinstance(name, str) and name.isalnum() and len(name) < 64 else "",
        message if isinstance(message, str) else "",
    )


def _error_of(answer: Answer) -> str:
    return _error_fields(answer)[0]


def _message_says_not_found(answer: Answer) -> bool:
    message = _error_fields(answer)[1].lower()
    return any(text in message for text in _NOT_FOUND)
