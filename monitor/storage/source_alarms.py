"""Queries about alarms of sources: one open row a kind, kept when it is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from monitor.storage.tables import source_alarms, sources


@dataclass(frozen=True, slots=True)
class SourceAlarm:
    id: int
    source_id: int
    source: str
    kind: str
    detail: str
    raised_at: datetime
    cleared_at: datetime | None


def list_open_alarms(connection: Connection) -> list[SourceAlarm]:
    return _list(connection, source_alarms.c.cleared_at.is_(None))


def list_alarms_since(connection: Connection, since: datetime) -> list[SourceAlarm]:
    """Return the open alarms and those that were cleared since then."""
    open_or_recent = source_alarms.c.cleared_at.is_(None) | (source_alarms.c.cleared_at >= since)
    return _list(connection, open_or_recent)


def open_details(connection: Connection, source_id: int) -> dict[str, str]:
    """Return the detail of each open alarm of a source, by kind."""
    rows = connection.execute(
        select(source_alarms.c.kind, source_alarms.c.detail).where(
            source_alarms.c.source_id == source_id, source_alarms.c.cleared_at.is_(None)
        )
    )
    return {row.kind: row.detail for row in rows}


def count_open(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(source_alarms.c.kind, func.count().label("n"))
        .where(source_alarms.c.cleared_at.is_(None))
        .group_by(source_alarms.c.kind)
    )
    return {row.kind: int(row.n) for row in rows}


def add_alarm(
    connection: Connection, source_id: int, kind: str, *, detail: str, at: datetime
) -> None:
    connection.execute(
        insert(source_alarms).values(source_id=source_id, kind=kind, detail=detail, raised_at=at)
    )


def retell_alarm(connection: Connection, source_id: int, kind: str, detail: str) -> None:
    connection.execute(_open(source_id, kind).values(detail=detail))


def clear_alarm(connection: Connection, source_id: int, kind: str, *, at: datetime) -> None:
    connection.execute(_open(source_id, kind).values(cleared_at=at))


def _open(source_id: int, kind: str) -> Any:
    return update(source_alarms).where(
        source_alarms.c.source_id == source_id,
        source_alarms.c.kind == kind,
        source_alarms.c.cleared_at.is_(None),
    )


def _list(connection: Connection, condition: Any) -> list[SourceAlarm]:
    rows = connection.execute(
        select(source_alarms, sources.c.name)
        .outerjoin(sources, sources.c.id == source_alarms.c.source_id)
        .where(condition)
        .order_by(source_alarms.c.raised_at, source_alarms.c.id)
    )
    return [_alarm(row) for row in rows]


def _alarm(row: Row[Any]) -> SourceAlarm:
    return SourceAlarm(
        id=row.id,
        source_id=row.source_id,
        source=row.name or "(sudah dihapus)",
        kind=row.kind,
        detail=row.detail,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
    )
