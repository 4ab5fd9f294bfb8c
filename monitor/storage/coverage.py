"""The ledger of what was asked of each source and what it gave, hour by hour (UTC)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from monitor.storage.tables import coverage, sources
from monitor.storage.upsert import insert_or

HOUR_SECONDS = 3600
NUMBERS = (
    "runs",
    "asked",
    "got",
    "new",
    "passed_gate",
    "refused",
    "failed",
    "cost",
    "gap_seconds",
)


@dataclass(frozen=True, slots=True)
class CoverageHour:
    """`runs` are those that ended, `failed` those of them that ended in trouble.

    `asked` counts pages asked for: those that came, and one for a run without any.
    """

    source_id: int
    source_name: str
    hour: datetime
    runs: int
    asked: int
    got: int
    new: int
    passed_gate: int
    refused: int
    failed: int
    cost: int
    gap_seconds: int


@dataclass(frozen=True, slots=True)
class CoverageTotal:
    """A source over a period; `answered_hours` are those in which it answered at all."""

    source_id: int
    source_name: str
    answered_hours: int
    numbers: Mapping[str, int]


def add_to_hour(
    connection: Connection, source_id: int, name: str, hour: datetime, numbers: Mapping[str, int]
) -> None:
    _add(connection, [_row(source_id, name, hour, numbers)])


def add_gap(
    connection: Connection, source_id: int, name: str, seconds: Mapping[datetime, int]
) -> None:
    """Write down how many seconds of each hour were not watched."""
    rows = [_row(source_id, name, hour, {"gap_seconds": n}) for hour, n in seconds.items() if n]
    if rows:
        _add(connection, rows)


def sum_cost(connection: Connection, source_id: int, since: datetime) -> int:
    total = select(func.coalesce(func.sum(coverage.c.cost), 0)).where(
        coverage.c.source_id == source_id, coverage.c.hour >= since
    )
    return int(connection.execute(total).scalar_one())


def list_hours(
    connection: Connection, since: datetime, *, source_id: int | None = None
) -> list[CoverageHour]:
    """Return the ledger itself, by source and hour; without the sample source."""
    statement = select(coverage).where(coverage.c.hour >= since, _is_real())
    if source_id is not None:
        statement = statement.where(coverage.c.source_id == source_id)
    rows = connection.execute(statement.order_by(coverage.c.source_id, coverage.c.hour))
    return [CoverageHour(**row._mapping) for row in rows]


def list_gaps(connection: Connection, since: datetime) -> list[tuple[int, datetime, int]]:
    """Return (source, hour, seconds) wherever something was not watched."""
    rows = connection.execute(
        select(coverage.c.source_id, coverage.c.hour, coverage.c.gap_seconds)
        .where(coverage.c.hour >= since, coverage.c.gap_seconds > 0, _is_real())
        .order_by(coverage.c.source_id, coverage.c.hour)
    )
    return [(row.source_id, row.hour, row.gap_seconds) for row in rows]


def sum_by_source(connection: Connection, since: datetime) -> list[CoverageTotal]:
    """Return totals of every real source that has rows, also of those removed since."""
    answered = func.sum(case((coverage.c.asked > coverage.c.failed, 1), else_=0))
    statement: Select[tuple[object, ...]] = select(
        coverage.c.source_id,
        func.max(coverage.c.source_name).label("source_name"),
        answered.label("answered_hours"),
        *(func.sum(coverage.c[name]).label(f"sum_{name}") for name in NUMBERS),
    ).where(coverage.c.hour >= since, _is_real())
    rows = connection.execute(statement.group_by(coverage.c.source_id)).mappings()
    return [
        CoverageTotal(
            source_id=row["source_id"],
            source_name=row["source_name"],
            answered_hours=int(row["answered_hours"]),
            numbers={name: int(row[f"sum_{name}"]) for name in NUMBERS},
        )
        for row in rows
    ]


def sum_new_in_windows(
    connection: Connection, windows: Sequence[tuple[datetime, datetime]]
) -> dict[int, dict[int, int]]:
    """Return per source and window (by position) the new posts; windows it slept in are absent."""
    number = case(*((_within(*window), n) for n, window in enumerate(windows))).label("number")
    rows = connection.execute(
        select(coverage.c.source_id, number, func.sum(coverage.c.new).label("total"))
        .where(or_(*(_within(*window) for window in windows)), coverage.c.asked > coverage.c.failed)
        .group_by(coverage.c.source_id, number)
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row.source_id, {})[row.number] = int(row.total)
    return found


def _within(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(coverage.c.hour >= start, coverage.c.hour < end)


def _is_real() -> ColumnElement[bool]:
    return coverage.c.source_id.not_in(select(sources.c.id).where(sources.c.sample.is_(True)))


def _row(
    source_id: int, name: str, hour: datetime, numbers: Mapping[str, int]
) -> dict[str, object]:
    return {
        "source_id": source_id,
        "hour": hour,
        "source_name": name,
        **dict.fromkeys(NUMBERS, 0),
        **numbers,
    }


def _add(connection: Connection, rows: Collection[dict[str, object]]) -> None:
    statement = insert_or(connection, coverage)
    sums = {name: coverage.c[name] + statement.excluded[name] for name in NUMBERS}
    # Two tellings of one gap may overlap; an hour has no more than its seconds.
    whole = sums["gap_seconds"]
    sums["gap_seconds"] = case((whole > HOUR_SECONDS, HOUR_SECONDS), else_=whole)
    statement = statement.on_conflict_do_update(index_elements=["source_id", "hour"], set_=sums)
    connection.execute(statement, list(rows))
