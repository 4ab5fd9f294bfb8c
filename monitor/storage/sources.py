"""Queries about configured sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from monitor.domain import Source
from monitor.storage.tables import counts, sources


def list_sources(connection: Connection) -> list[Source]:
    return [_source(row) for row in connection.execute(select(sources).order_by(sources.c.name))]


def find_source(connection: Connection, name: str) -> Source | None:
    row = connection.execute(select(sources).where(sources.c.name == name)).first()
    return _source(row) if row else None


def has_any_source(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).select_from(sources)).scalar())


def add_source(
    connection: Connection,
    *,
    name: str,
    kind: str,
    options: Mapping[str, str],
    every_seconds: int,
    sample: bool,
    at: datetime,
    due_at: datetime | None,
) -> int:
    result = connection.execute(
        insert(sources)
        .values(
            name=name,
            kind=kind,
            options=dict(options),
            every_seconds=every_seconds,
            status="active",
            sample=sample,
            cursor={},
            created_at=at,
            due_at=due_at,
            last_error="",
        )
        .returning(sources.c.id)
    )
    return int(result.scalar_one())


def set_status(connection: Connection, source_id: int, status: str) -> None:
    connection.execute(update(sources).where(sources.c.id == source_id).values(status=status))


def remove_source(connection: Connection, source_id: int, *, with_counts: bool) -> None:
    """Counts of a real source stay: the funnel must not forget what was received."""
    if with_counts:
        connection.execute(delete(counts).where(counts.c.source_id == source_id))
    connection.execute(delete(sources).where(sources.c.id == source_id))


def claim_due_source(
    connection: Connection, *, token: str, now: datetime, until: datetime
) -> Source | None:
    """Hand the longest-waiting due source to one caller; an expired claim is taken over."""
    free = or_(sources.c.claim_until.is_(None), sources.c.claim_until < now)
    candidate = connection.execute(
        select(sources.c.id)
        .where(sources.c.status == "active", sources.c.due_at <= now, free)
        .order_by(sources.c.due_at, sources.c.id)
        .limit(1)
    ).scalar()
    return _claim(connection, candidate, token=token, now=now, until=until)


def claim_source(
    connection: Connection, source_id: int, *, token: str, now: datetime, until: datetime
) -> Source | None:
    return _claim(connection, source_id, token=token, now=now, until=until)


def _claim(
    connection: Connection, source_id: int | None, *, token: str, now: datetime, until: datetime
) -> Source | None:
    if source_id is None:
        return None
    # The conditions stand again in the UPDATE: of two callers only one changes a row.
    changed = connection.execute(
        update(sources)
        .where(
            sources.c.id == source_id,
            or_(sources.c.claim_until.is_(None), sources.c.claim_until < now),
        )
        .values(claim_token=token, claim_until=until)
        .returning(sources)
    ).first()
    return _source(changed) if changed else None


def save_cursor(
    connection: Connection,
    source_id: int,
    *,
    token: str,
    cursor: Mapping[str, Any],
    until: datetime,
) -> bool:
    """Go on from `cursor` next time and hold the claim until `until`; False when it was lost."""
    changed = connection.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.claim_token == token)
        .values(cursor=dict(cursor), claim_until=until)
    )
    return changed.rowcount == 1


def finish_run(
    connection: Connection,
    source_id: int,
    token: str,
    *,
    at: datetime,
    due_at: datetime | None,
    error: str,
) -> None:
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.claim_token == token)
        .values(claim_token=None, claim_until=None, last_run_at=at, due_at=due_at, last_error=error)
    )


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        kind=row.kind,
        options=row.options,
        every_seconds=row.every_seconds,
        status=row.status,
        sample=row.sample,
        cursor=row.cursor,
        created_at=row.created_at,
        due_at=row.due_at,
        last_run_at=row.last_run_at,
        last_error=row.last_error,
    )
