"""What came back: status, headers and body, read with care because anybody may have sent it."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import orjson

from monitor.errors import UnexpectedAnswer
from monitor.net.urls import shown

_START = 80
# Python's other codecs ("unicode_escape", "idna", …) are no character sets of web pages.
_CHARSET = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|ascii|iso8859-\d+|cp(125\d|866|874|9\d\d)|koi8-[ru]|gb.*|big5.*"
    r"|shift_jis.*|euc_.*|iso2022_.*"
)
# No quota is longer than a week; what says so is a mistake and must not silence a source.
_LONGEST_WAIT = timedelta(days=7)
# Headers with a point in time are told from those with a number of seconds by their size.
_LEAST_EPOCH = 1e9
_LEAST_EPOCH_MILLISECONDS = 1e11
_RATE_LIMITS = ("x-rate-limit", "x-ratelimit", "ratelimit")


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """Any HTTP status is an answer; `url` is where it came from in the end."""

    status: int
    url: str
    # Lower-case names; what was sent several times is joined by a comma.
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def __repr__(self) -> str:
        return f"<Answer {self.status} {self._place} {len(self.body)} bytes>"

    def json(self) -> Any:
        """Return the decoded body, or raise `UnexpectedAnswer` telling what it is instead."""
        position = 0
        try:
            return orjson.loads(self.body.removeprefix(codecs.BOM_UTF8))
        except orjson.JSONDecodeError as error:
            position = error.pos
        # Outside the handler: that error holds the whole body.
        raise UnexpectedAnswer(
            f"{self._place} menjawab status {self.status} dengan {self._kind()}, padahal"
            f" seharusnya JSON (keliru mulai karakter ke-{position + 1}). Coba lagi nanti; bila"
            " berulang, periksa alamat dan dokumentasi API-nya."
        )

    def text(self) -> str:
        """Return the body as text in the charset its header names, else UTF-8."""
        return self.body.decode(self._charset(), errors="replace").removeprefix("\ufeff")

    def retry_after(self, now: datetime) -> datetime | None:
        """Return when the server wants to be asked again, or None where it does not say."""
        said = _moment(self.headers.get("retry-after", ""), now)
        if said is None:
            said = self._limit_ends(now)
        return None if said is None else min(max(said, now), now + _LONGEST_WAIT)

    def _limit_ends(self, now: datetime) -> datetime | None:
        for name in _RATE_LIMITS:
            # Sent with every answer: it means "wait" only where nothing is left.
            left = self.headers.get(f"{name}-remaining", "0").strip()
            if self.status != 429 and left not in ("0", "0.0"):
                continue
            said = _moment(self.headers.get(f"{name}-reset", ""), now)
            if said is not None:
                return said
        return None

    @property
    def _place(self) -> str:
        return shown(httpx2.URL(self.url))

    def _charset(self) -> str:
        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        try:
            name = codecs.lookup(message.get_content_charset("utf-8")).name
        except (LookupError, ValueError):
            return "utf-8"
        return name if _CHARSET.fullmatch(name) else "utf-8"

    def _kind(self) -> str:
        start = self.body[:_START].lstrip().lower()
        if not start:
            return "jawaban kosong"
        if start.startswith((b"<!doctype html", b"<html")) or (
            start.startswith(b"<") and "html" in self.headers.get("content-type", "")
        ):
            return "halaman HTML"
        if start.startswith(b"<"):
            return "XML"
        if start.startswith((b"{", b"[", b'"')):
            return "JSON yang terpotong atau rusak"
        return "teks biasa" if start.isascii() and b"\0" not in start else "data biner"


def _moment(text: str, now: datetime) -> datetime | None:
    """Read seconds from now, seconds or milliseconds since 1970, an HTTP date or ISO 8601."""
    text = text.strip()
    if not text or len(text) > _START:
        return None
    try:
        number = float(text)
    except ValueError:
        return _date(text)
    try:
        if number >= _LEAST_EPOCH_MILLISECONDS:
            return datetime.fromtimestamp(number / 1000, UTC)
        if number >= _LEAST_EPOCH:
            return datetime.fromtimestamp(number, UTC)
        return now + timedelta(seconds=number)
    except (ValueError, OverflowError, OSError):
        return None


def _date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
