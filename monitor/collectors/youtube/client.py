"""The YouTube Data API v3 over REST: the key in a header, units counted, errors told apart.

Written from developers.google.com/youtube/v3/docs (search, channels, playlistItems, videos,
commentThreads, comments, errors), /youtube/data/determine_quota_cost for the units and the reset
at midnight Pacific time, and docs.cloud.google.com/docs/authentication/api-keys-use for the
header (looked up on 2026-11-23).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.collectors.base import Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    answered,
)
from monitor.errors import UnexpectedAnswer
from monitor.net import Answer

BASE = "https://www.googleapis.com/youtube/v3"
_PACIFIC = ZoneInfo("America/Los_Angeles")
_NOT_MODIFIED = 304
_SHORT_WAIT = timedelta(minutes=1)

_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_RATE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_KEY = frozenset(
    {
        "keyInvalid",
        "keyExpired",
        "ipRefererBlocked",
        "API_KEY_INVALID",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_SERVICE_BLOCKED",
    }
)
_NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_CLOSED = frozenset(
    {
        "commentsDisabled",
        "videoNotFound",
        "commentNotFound",
        "commentThreadNotFound",
        "channelNotFound",
        "channelClosed",
        "channelSuspended",
        "channelDeleted",
        "playlistNotFound",
        "playlistItemsNotAccessible",
    }
)


class Closed(Exception):
    """One video, channel or comment is gone, or its comments are off: the others go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StaleToken(Exception):
    """A page token of an unfinished walk is no longer taken: the walk begins anew."""


@dataclass(frozen=True, slots=True)
class Listing:
    items: list[Any]
    next_token: str = ""
    etag: str = ""


class YouTubeApi:
    def __init__(self, tools: Tools, key: str, base: str) -> None:
        self._tools = tools
        self._key = key
        self._base = base
        self.units = 0

    def spent(self) -> int:
        """Return the units used since this was asked last."""
        units, self.units = self.units, 0
        return units

    def page(
        self, resource: str, params: Mapping[str, str], *, units: int = 1, etag: str = ""
    ) -> Listing | None:
        """Return one page of a resource, None where it is the one that `etag` names.

        Every answer is counted, refusals and "not modified" too: the documentation promises no
        request free of charge.
        """
        headers = {"Accept": "application/json", "X-Goog-Api-Key": self._key}
        if etag:
            headers["If-None-Match"] = etag
        self.units += units
        answer = self._tools.net.get(
            f"{self._base}/{resource}",
            params={name: value for name, value in params.items() if value},
            headers=headers,
        )
        if answer.status == _NOT_MODIFIED:
            return None
        if answer.status != 200:
            raise _refusal(answer, self._tools.now())
        body = answer.json()
        if not isinstance(body, Mapping) or not ("items" in body or "kind" in body):
            raise AnswerChanged(f"Jawaban {resource}.list tidak memuat `items`.")
        # channels.list leaves `items` out where it finds nothing.
        items = body.get("items", [])
        if not isinstance(items, list):
            raise AnswerChanged(f"`items` pada jawaban {resource}.list bukan daftar.")
        return Listing(
            items,
            str(body.get("nextPageToken") or ""),
            answer.headers.get("etag") or str(body.get("etag") or ""),
        )

    def items(self, resource: str, params: Mapping[str, str]) -> list[Any]:
        """Return the items of a request that has one page."""
        listing = self.page(resource, params)
        return listing.items if listing else []


def next_pacific_midnight(now: datetime) -> datetime:
    """Return when the daily quota begins anew."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), _PACIFIC).astimezone(UTC)


def _refusal(answer: Answer, now: datetime) -> Exception:
    reasons = _reasons(answer)
    if closed := reasons & _CLOSED:
        return Closed(min(closed))
    if "invalidPageToken" in reasons:
        return StaleToken()
    return _trouble(answer, reasons, now)


def _trouble(answer: Answer, reasons: frozenset[str], now: datetime) -> CollectorTrouble:
    if reasons & _QUOTA:
        return QuotaSpent(
            "Kuota harian YouTube habis; dilanjutkan sesudah tengah malam waktu Pasifik.",
            until=next_pacific_midnight(now),
        )
    if reasons & _RATE or answer.status == 429:
        until = answer.retry_after(now) or now + _SHORT_WAIT
        return RateLimited("YouTube meminta menunggu; dicoba lagi sesudah waktunya.", until=until)
    if reasons & _NOT_ENABLED:
        return NotConfigured(
            "YouTube Data API v3 belum diaktifkan pada proyek Google Cloud pemilik kunci ini."
            " Aktifkan, lalu jalankan lagi sumber ini."
        )
    if reasons & _KEY:
        return CredentialsRefused(
            "Kunci API YouTube ditolak. Perbarui berkas kredensialnya, dan periksa pembatasan"
            " alamat IP dan API pada kunci itu di Google Cloud."
        )
    if "processingFailure" in reasons or "backendError" in reasons:
        return PlatformDown("YouTube gagal memproses permintaan; dicoba lagi.")
    try:
        answered(answer, now)
    except CollectorTrouble as trouble:
        return trouble
    return AnswerChanged(f"YouTube menjawab dengan status {answer.status} yang tak dikenal.")


def _reasons(answer: Answer) -> frozenset[str]:
    """Return the reasons in Google's error body, of the old form and the new."""
    try:
        body = answer.json()
    except UnexpectedAnswer:
        return frozenset()
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return frozenset()
    entries: list[Any] = []
    for name in ("errors", "details"):
        part = error.get(name)
        entries += part if isinstance(part, list) else []
    reasons = (entry.get("reason") for entry in entries if isinstance(entry, Mapping))
    return frozenset(reason for reason in reasons if isinstance(reason, str))
