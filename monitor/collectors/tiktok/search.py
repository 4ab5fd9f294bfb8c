"""The query of a source, and the days it has still to be asked for.

TikTok searches by day of creation in UTC, at most 30 days at once, and serves an answer in pages
of one cached search (`search_id`, `cursor`). Videos turn up in the search up to about two days
after they were made. The state of a source therefore is

    day      first day (YYYYMMDD) that is not yet final
    window   the search that is not finished: start, end, search_id, cursor
    seen     videos already stored, with their second, from `day` on

`day` moves only when a window has been read to its end, and never past the last three days: those
are asked again and `seen` keeps their videos from being given twice. A process that is killed
goes on with the same search; one that has expired is begun again, `seen` still being known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source

# "The end_date must be no more than 30 days after the start_date."
_WINDOW = timedelta(days=29)
# Days that are asked again, because videos turn up late.
_LATE = timedelta(days=3)
_SEEN_LIMIT = 1000
_DAY = "%Y%m%d"


@dataclass(slots=True)
class Days:
    """Where a source stands; `stored()` is what goes into its cursor."""

    now: datetime
    day: datetime
    start: datetime
    end: datetime
    search_id: str = ""
    cursor: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_state(cls, state: Mapping[str, Any], now: datetime, reach: timedelta) -> "Days":
        today = _midnight(now)
        day = _parsed(state.get("day"), today - reach)
        days = cls(now, day, day, min(day + _WINDOW, today), seen=dict(state.get("seen", {})))
        window = state.get("window")
        if isinstance(window, Mapping):
            days.start = _parsed(window.get("start"), days.start)
            days.end = _parsed(window.get("end"), days.end)
            days.search_id = str(window.get("search_id", ""))
            days.cursor = int(window.get("cursor", 0))
        return days

    def body(self, query: Mapping[str, Any], most: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "query": query,
            "start_date": self.start.strftime(_DAY),
            "end_date": self.end.strftime(_DAY),
            "max_count": most,
        }
        if self.cursor:
            body["cursor"] = self.cursor
        if self.search_id:
            body["search_id"] = self.search_id
        return body

    def go_on(self, search_id: str, cursor: int) -> None:
        self.search_id, self.cursor = search_id, cursor

    def begin_again(self) -> bool:
        """Drop the search; tell whether there was one to drop."""
        had_one = self.cursor > 0
        self.search_id, self.cursor = "", 0
        return had_one

    def finish(self) -> bool:
        """Close the window, open the next, and tell whether that was the last one."""
        today = _midnight(self.now)
        last = self.end >= today
        self.day = max(self.day, min(self.end + timedelta(days=1), today - _LATE))
        self.seen = {video: at for video, at in self.seen.items() if at >= self.day.timestamp()}
        self.start, self.end = self.day, min(self.day + _WINDOW, today)
        self.begin_again()
        return last

    def stored(self) -> dict[str, Any]:
        newest = sorted(self.seen.items(), key=lambda pair: pair[1])[-_SEEN_LIMIT:]
        state: dict[str, Any] = {"day": self.day.strftime(_DAY), "seen": dict(newest)}
        if self.cursor:
            state["window"] = {
                "start": self.start.strftime(_DAY),
                "end": self.end.strftime(_DAY),
                "search_id": self.search_id,
                "cursor": self.cursor,
            }
        return state


def query_of(
    source: Source, keywords: list[str], hashtags: list[str], accounts: list[str]
) -> dict[str, Any]:
    """Return the query: any of the words, tags or accounts, from accounts of the region."""
    any_of = [_condition("EQ", "keyword", [word]) for word in keywords]
    if hashtags:
        any_of.append(_condition("IN", "hashtag_name", hashtags))
    if accounts:
        any_of.append(_condition("IN", "username", accounts))
    if not any_of:
        raise NotConfigured("Sumber ini belum punya isi. Isi keywords, hashtags, atau accounts.")
    country = source.options.get("country") or "ID"
    query: dict[str, Any] = {"or": any_of}
    if country != "-":
        query["and"] = [_condition("IN", "region_code", [country])]
    return query


def one_video(identity: str, at: datetime) -> tuple[dict[str, Any], str, str]:
    """Return the query of one video and the days around its creation."""
    day = _midnight(at)
    query = {"and": [_condition("EQ", "video_id", [identity])]}
    around = timedelta(days=1)
    return query, (day - around).strftime(_DAY), (day + around).strftime(_DAY)


def _condition(operation: str, name: str, values: list[str]) -> dict[str, Any]:
    return {"operation": operation, "field_name": name, "field_values": values}


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _parsed(value: object, otherwise: datetime) -> datetime:
    if not isinstance(value, str):
        return otherwise
    return datetime.strptime(value, _DAY).replace(tzinfo=UTC)
