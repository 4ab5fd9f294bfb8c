"""Reads from Meta's usage headers until when an app or page is asked to stay quiet.

Written from https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11-23).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

_PERCENTS = ("call_count", "total_cputime", "total_time")
_HEADERS = ("x-business-use-case-usage", "x-app-usage", "x-page-usage")
_FULL = 100
# "the number of calls it can make during a rolling one hour window": where no time is told.
WINDOW = timedelta(hours=1)


def quiet_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when calls are welcome again, None where the headers do not ask for quiet.

    `estimated_time_to_regain_access` is in minutes. Calls made while a limit is reached push its
    end further away, so that a share of 100 percent is already a reason to wait.
    """
    minutes, share = 0.0, 0.0
    for usage in _usages(headers):
        minutes = max(minutes, _number(usage.get("estimated_time_to_regain_access")))
        share = max(share, *(_number(usage.get(name)) for name in _PERCENTS))
    if minutes > 0:
        return now + timedelta(minutes=min(minutes, 7 * 24 * 60))
    return now + WINDOW if share >= _FULL else None


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in _HEADERS:
        try:
            value = orjson.loads(headers.get(name, ""))
        except orjson.JSONDecodeError:
            continue
        if not isinstance(value, Mapping):
            continue
        # One usage for the app, or one list of usages for every business object.
        yield value
        for entries in value.values():
            if isinstance(entries, list):
                yield from (entry for entry in entries if isinstance(entry, Mapping))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value)
