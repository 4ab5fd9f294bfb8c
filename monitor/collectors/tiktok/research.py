"""The client of TikTok's Research API: token with its expiry, and errors inside answers of 200.

Written from https://developers.tiktok.com/doc/client-access-token-management,
.../doc/tiktok-api-v2-error-handling, .../doc/tiktok-api-v2-rate-limit and
.../doc/research-api-faq (2026-11-23).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.collectors.base import Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    answered,
)
from monitor.errors import UnexpectedAnswer
from monitor.net import Answer

HOST = "https://open.tiktokapis.com"
# The rate limit is counted in "a one minute sliding window".
_RATE_WINDOW = timedelta(minutes=1)
# A token is renewed this long before it ends, so that none ends on the way.
_EARLY = timedelta(minutes=2)
_SCOPES = frozenset({"scope_not_authorized", "scope_permission_missed"})
_PARAMETERS = frozenset({"invalid_params", "invalid_param", "invalid_request"})
_PASSING = frozenset({"internal_error", "timeout"})


class ParameterRefused(AnswerChanged):
    """A parameter is not accepted: a search that has expired, or an account that cannot be read."""


class TokenRefused(CredentialsRefused):
    """The access token is no longer accepted; a new one may be."""


class ResearchClient:
    def __init__(self, tools: Tools, *, key: str, secret: str, host: str = HOST) -> None:
        self._net = tools.net
        self._now = tools.now
        self._host = host
        self._form = {
            "client_key": key,
            "client_secret": secret,
            "grant_type": "client_credentials",
        }
        self._token = ""
        self._token_ends: datetime | None = None
        self._requests = 0

    def __repr__(self) -> str:
        return f"ResearchClient({self._host})"

    def ask(self, path: str, fields: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `data` of the answer; a token that was just refused is renewed once."""
        try:
            return self._ask(path, fields, body)
        except TokenRefused:
            self._token_ends = None
        return self._ask(path, fields, body)

    def spent(self) -> int:
        """Return the requests made since the last call: each counts towards the day's 1,000."""
        requests, self._requests = self._requests, 0
        return requests

    def _ask(self, path: str, fields: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self._valid_token()}"}
        self._requests += 1
        answer = self._net.request(
            "POST",
            f"{self._host}/v2/research/{path}/",
            params={"fields": fields},
            headers=headers,
            json=dict(body),
        )
        now = self._now()
        content = _content(answer)
        error = content.get("error") if isinstance(content, Mapping) else None
        if isinstance(error, Mapping) and error.get("code") != "ok":
            raise _trouble(error, answer, now)
        answered(answer, now)
        data = content.get("data") if isinstance(content, Mapping) else None
        if not isinstance(data, Mapping):
            raise AnswerChanged("Jawaban TikTok tidak memuat `data` seperti yang didokumentasikan.")
        return data

    def _valid_token(self) -> str:
        now = self._now()
        if self._token_ends is None or now >= self._token_ends:
            self._token, seconds = self._new_token(now)
            self._token_ends = now + timedelta(seconds=seconds) - _EARLY
        return self._token

    def _new_token(self, now: datetime) -> tuple[str, int]:
        answer = self._net.request("POST", f"{self._host}/v2/oauth/token/", form=self._form)
        content = _content(answer)
        if isinstance(content, Mapping) and isinstance(content.get("error"), str):
            raise CredentialsRefused(
                f"TikTok menolak kunci atau rahasia klien ({content['error'][:64]}). Periksa kedua "
                "berkas kredensialnya."
            )
        answered(answer, now)
        token = content.get("access_token") if isinstance(content, Mapping) else None
        seconds = content.get("expires_in") if isinstance(content, Mapping) else None
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise AnswerChanged("TikTok tidak memberi token akses seperti yang didokumentasikan.")
        return token, seconds


def _content(answer: Answer) -> Any:
    """Decode the body; that of an error status may be a page of the web server."""
    try:
        return answer.json()
    except UnexpectedAnswer:
        if answer.status < 400:
            raise
        return None


def _trouble(error: Mapping[str, Any], answer: Answer, now: datetime) -> CollectorTrouble:
    """Return the trouble; its text holds the code and TikTok's log number, never the message."""
    code = str(error.get("code", ""))[:64]
    tag = f"{code}, log {str(error.get('log_id', ''))[:64]}"
    if code == "daily_quota_limit_exceeded":
        return QuotaSpent(
            "Jatah 1.000 permintaan per hari habis; mulai lagi pukul 00.00 UTC.",
            until=_next_day(now),
        )
    if code == "rate_limit_exceeded":
        until = answer.retry_after(now) or now + _RATE_WINDOW
        return RateLimited("TikTok meminta menunggu; dicoba lagi sesudah waktunya.", until=until)
    if code == "access_token_invalid":
        return TokenRefused(f"TikTok menolak token akses ({tag}). Periksa berkas kredensialnya.")
    if code in _SCOPES:
        return CredentialsRefused(
            f"Klien ini belum disetujui untuk Research API ({tag}). Ajukan atau perbarui "
            "persetujuan penelitiannya di TikTok for Developers."
        )
    if code in _PARAMETERS:
        return ParameterRefused(
            f"TikTok menolak isi permintaan ({tag}). Periksa pilihan sumber ini."
        )
    if code in _PASSING or answer.status >= 500:
        return PlatformDown(f"TikTok sedang bermasalah ({tag}); dicoba lagi.")
    return AnswerChanged(f"TikTok menjawab galat yang belum dikenal ({tag}).")


def _next_day(now: datetime) -> datetime:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
