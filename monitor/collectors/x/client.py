"""Asks the X API v2 and says in trouble's terms what a refusal means.

Written from https://docs.x.com/x-api/fundamentals/response-codes-and-errors,
https://docs.x.com/x-api/fundamentals/rate-limits and
https://docs.x.com/x-api/fundamentals/post-cap (looked up 2026-11-23).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

from monitor.collectors.base import Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    NotConfigured,
    QuotaSpent,
    RateLimited,
    answered,
)
from monitor.errors import NetraError
from monitor.net import Answer

API = "https://api.x.com"
_LONGEST_MONTH = 31


class StartRefused(AnswerChanged):
    """The place to go on from is no longer accepted: `since_id` too old, or a page token void."""


class XClient:
    """App-only access with a bearer token, always in the header."""

    def __init__(self, tools: Tools, token: str, api: str = API) -> None:
        self._tools = tools
        self._token = token
        self._api = api.rstrip("/")

    def __repr__(self) -> str:
        return f"XClient({self._api})"

    def get(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the decoded body. Raises trouble for every answer that is not 200 with JSON."""
        answer = self._ask(path, params)
        if answer.status != 200:
            self._refuse(answer)
        body = answer.json()
        if not isinstance(body, dict):
            raise AnswerChanged("X menjawab dengan bentuk lain. Laporkan kepada pengelola Netra.")
        return body

    def _ask(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._tools.net.get(self._api + path, params=params, headers=headers)

    def _refuse(self, answer: Answer) -> NoReturn:
        problem = _problem(answer)
        if answer.status == 429:
            self._too_many(answer, problem)
        if answer.status == 402:
            raise NotConfigured("Saldo kredit X habis (402). Isi kredit di Developer Console X.")
        if answer.status == 400:
            if _names_parameter(problem, "since_id", "next_token", "pagination_token"):
                raise StartRefused("X menolak titik lanjut; sumber mulai lagi dari yang tersedia.")
            raise NotConfigured(
                "X menolak permintaan ini (400). Periksa kueri dan daftar akun sumber ini."
            )
        answered(answer, self._tools.now())
        raise AnswerChanged(f"X menjawab {answer.status}, yang tidak didokumentasikan.")

    def _too_many(self, answer: Answer, problem: Mapping[str, Any]) -> NoReturn:
        # The same status for two things: requests come too fast, or the paid share is used up.
        now = self._tools.now()
        kind = str(problem.get("type") or "").rsplit("/", 1)[-1]
        if kind == "usage-capped" or problem.get("title") == "UsageCapExceeded":
            raise QuotaSpent(
                "Jatah baca unggahan dari X sudah habis; dilanjutkan pada periode berikutnya.",
                until=self._cap_ends(problem, now),
            )
        until = answer.retry_after(now)
        raise RateLimited(
            "X meminta menunggu sebelum permintaan berikutnya.",
            # A reset in our past only tells that the clocks differ.
            until=until if until and until > now else None,
        )

    def _cap_ends(self, problem: Mapping[str, Any], now: datetime) -> datetime:
        tomorrow = _midnight(now) + timedelta(days=1)
        if problem.get("period") == "Daily":
            return tomorrow
        days = self._days_to_cap_reset()
        if days is not None:
            return max(tomorrow, _midnight(now) + timedelta(days=days))
        return _midnight(_midnight(now).replace(day=1) + timedelta(days=_LONGEST_MONTH)).replace(
            day=1
        )

    def _days_to_cap_reset(self) -> int | None:
        """Ask /2/usage/tweets: the cap follows the account's billing day, not the calendar."""
        try:
            answer = self._ask("/2/usage/tweets")
            body = answer.json() if answer.status == 200 else None
        except NetraError:
            return None
        data = body.get("data") if isinstance(body, dict) else None
        days = data.get("cap_reset_day") if isinstance(data, dict) else None
        return days if isinstance(days, int) and 0 <= days <= _LONGEST_MONTH else None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _problem(answer: Answer) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except NetraError:
        return {}
    return body if isinstance(body, dict) else {}


def _names_parameter(problem: Mapping[str, Any], *names: str) -> bool:
    errors = problem.get("errors")
    for error in errors if isinstance(errors, list) else []:
        parameters = error.get("parameters") if isinstance(error, dict) else None
        if isinstance(parameters, dict) and any(name in parameters for name in names):
            return True
    return False
