"""The ledger: what each source was asked and gave, hour by hour, and when it was not watched.

An hour without a run never looks like an hour in which nothing happened: where a source has not
answered for longer than three of its intervals, the time since its last answer is a gap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from monitor.collectors.base import Page
from monitor.domain import Source
from monitor.pipeline.due import overdue_from
from monitor.pipeline.ingest import IngestOutcome
from monitor.storage import Connection, coverage
from monitor.storage import sources as source_rows
from monitor.storage.coverage import HOUR_SECONDS, CoverageTotal

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours, one after the other, in which `seconds` were not watched."""

    start: datetime
    end: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    source: str
    status: str
    state: str
    hours_watched: float
    numbers: Mapping[str, int]
    gap_hours: float
    gaps: tuple[Gap, ...] = field(default=())


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def record_page(
    connection: Connection, source: Source, page: Page, taken: IngestOutcome, now: datetime
) -> None:
    """Count a page; with it, what the page says can no longer be had."""
    numbers = {
        "asked": 1,
        "got": len(page.items),
        "new": taken.new,
        "passed_gate": taken.passed_gate,
        "refused": taken.refused,
        "cost": page.cost,
    }
    coverage.add_to_hour(connection, source.id, source.name, hour_of(now), numbers)
    if page.gap_since is not None:
        record_gap(connection, source, page.gap_since, now)


def record_run(
    connection: Connection, source: Source, now: datetime, *, failed: bool, empty: bool
) -> None:
    """Count a run that has ended; one without a page has asked once all the same."""
    numbers = {"runs": 1, "failed": int(failed), "asked": int(failed or empty)}
    coverage.add_to_hour(connection, source.id, source.name, hour_of(now), numbers)


def record_gap(connection: Connection, source: Source, since: datetime, until: datetime) -> None:
    """Write down that a source was not watched; never more than since it was added."""
    seconds = _by_hour(max(since.astimezone(UTC), source.created_at), until)
    coverage.add_gap(connection, source.id, source.name, seconds)


def unwatched_since(source: Source, now: datetime, zone: tzinfo) -> datetime | None:
    """Return since when a source is not watched, or None while its runs come as they should."""
    answered = source.last_run_at or source.created_at
    overdue = overdue_from(source, answered, zone)
    return answered if overdue is not None and overdue < now else None


def report(
    connection: Connection, since: datetime, now: datetime, zone: tzinfo
) -> list[SourceCoverage]:
    """Return the coverage of each real source since an hour, gaps that go on included."""
    since = hour_of(since)
    rows = source_rows.list_sources(connection)
    known = {source.id: source for source in rows if not source.sample}
    totals = {total.source_id: total for total in coverage.sum_by_source(connection, since)}
    seconds = _gap_seconds(connection, since, now, zone, known.values())
    found = [
        _coverage_of(known.get(source_id), totals.get(source_id), seconds[source_id], since, now)
        for source_id in known.keys() | totals.keys()
    ]
    return sorted(found, key=lambda item: item.source)


def summary(connection: Connection, now: datetime, zone: tzinfo) -> dict[str, Any] | None:
    """Return what stands beside the funnel: how much was watched; None without real sources."""
    rows = source_rows.list_sources(connection)
    known = [source for source in rows if not source.sample]
    earliest = min((source.created_at for source in known), default=now)
    found = report(connection, earliest, now, zone)
    if not found:
        return None
    return {
        "sources": len(found),
        "hours_watched": round(sum(item.hours_watched for item in found), 1),
        "gap_hours": round(sum(item.gap_hours for item in found), 1),
        "failed": sum(item.numbers.get("failed", 0) for item in found),
        "unwatched_now": sorted(
            source.name for source in known if unwatched_since(source, now, zone) is not None
        ),
    }


def _coverage_of(
    source: Source | None,
    total: CoverageTotal | None,
    seconds: Mapping[datetime, int],
    since: datetime,
    now: datetime,
) -> SourceCoverage:
    missed = sum(seconds.values())
    if source is not None and (source.schedule or source.every_seconds):
        life = (now - max(since, source.created_at)).total_seconds()
        watched = max(life - missed, 0) / HOUR_SECONDS
    else:
        # Runs once, or was removed: only the hours in which it answered are known as watched.
        watched = float(total.answered_hours if total else 0)
    return SourceCoverage(
        source=source.name if source else total.source_name if total else "",
        status=source.status if source else "removed",
        state=source.state if source else "",
        hours_watched=round(watched, 2),
        numbers=total.numbers if total else dict.fromkeys(coverage.NUMBERS, 0),
        gap_hours=round(missed / HOUR_SECONDS, 2),
        gaps=_ranges(seconds),
    )


def _gap_seconds(
    connection: Connection,
    since: datetime,
    now: datetime,
    zone: tzinfo,
    known: Iterable[Source],
) -> dict[int, dict[datetime, int]]:
    """Return per source and hour what was not watched: as written down, and as it goes on."""
    found: dict[int, dict[datetime, int]] = defaultdict(dict)
    for source_id, hour, seconds in coverage.list_gaps(connection, since):
        found[source_id][hour] = seconds
    for source in known:
        start = unwatched_since(source, now, zone)
        if start is None:
            continue
        hours = found[source.id]
        for hour, seconds in _by_hour(max(start, since), now).items():
            hours[hour] = min(hours.get(hour, 0) + seconds, HOUR_SECONDS)
    return found


def _by_hour(start: datetime, end: datetime) -> dict[datetime, int]:
    hours: dict[datetime, int] = {}
    hour = hour_of(start)
    while hour < end:
        overlap = min(end, hour + _HOUR) - max(start, hour)
        hours[hour] = round(overlap.total_seconds())
        hour += _HOUR
    return hours


def _ranges(seconds: Mapping[datetime, int]) -> tuple[Gap, ...]:
    ranges: list[Gap] = []
    for hour in sorted(hour for hour, missed in seconds.items() if missed):
        if ranges and ranges[-1].end == hour:
            last = ranges.pop()
            ranges.append(Gap(last.start, hour + _HOUR, last.seconds + seconds[hour]))
        else:
            ranges.append(Gap(hour, hour + _HOUR, seconds[hour]))
    return tuple(ranges)
