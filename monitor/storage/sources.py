"""Queries about configured sources: what is due, who runs it, how it fared."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from monitor.domain import Source, SourceState
from monitor.storage.tables import counts, coverage, source_alarms, sources

# A step of priority is worth so much waiting: the important goes first, nobody starves.
PRIORITY_STEP = timedelta(minutes=15)

_PLAIN = (
    "schedule",
    "region",
    "contest",
    "priority",
    "agreement",
    "daily_quota",
    "monthly_quota",
    "expect_hours",
    "state",
    "state_detail",
    "state_since",
    "failures",
    "wait_until",
    "last_new_at",
)


def list_sources(connection: Connection) -> list[Source]:
    return [_source(row) for row in connection.execute(select(sources).order_by(sources.c.name))]


def find_source(connection: Connection, name: str) -> Source | None:
    row = connection.execute(select(sources).where(sources.c.name == name)).first()
    return _source(row) if row else None


def lock_source(connection: Connection, name: str) -> Source | None:
    """As `find_source`, and nobody else changes the row before this transaction ends."""
    statement = select(sources).where(sources.c.name == name).with_for_update(key_share=True)
    row = connection.execute(statement).first()
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
    status: str = "active",
    **plan: Any,
) -> int:
    """`plan` are the columns of schedule, query and quotas that have a default of their own."""
    result = connection.execute(
        insert(sources)
        .values(
            name=name,
            kind=kind,
            options=dict(options),
            every_seconds=every_seconds,
            status=status,
            sample=sample,
            cursor={},
            created_at=at,
            due_at=due_at,
            last_error="",
            **plan,
        )
        .returning(sources.c.id)
    )
    return int(result.scalar_one())


def set_options(connection: Connection, source_id: int, options: Mapping[str, str]) -> None:
    _set(connection, source_id, options=dict(options))


def set_agreement(connection: Connection, source_id: int, agreement: str) -> None:
    _set(connection, source_id, agreement=agreement)


def pause(connection: Connection, source_id: int) -> None:
    """A run under way loses its claim: the page it is fetching is not taken in."""
    _set(connection, source_id, status="paused", claim_token=None, claim_until=None)


def resume(connection: Connection, source_id: int, *, at: datetime, due_at: datetime) -> None:
    """Start anew; a source that has run its only time keeps having nothing to do."""
    _set(
        connection,
        source_id,
        status="active",
        state=SourceState.OK,
        state_detail="",
        state_since=at,
        failures=0,
        wait_until=None,
        last_error="",
    )
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.due_at.is_not(None))
        .values(due_at=due_at)
    )


def resume_waiting(connection: Connection, source_id: int) -> None:
    """Make active again and leave alone until when the platform asked to wait."""
    _set(connection, source_id, status="active")


def remove_source(connection: Connection, source_id: int, *, forget: bool) -> None:
    """Counts and ledger of a real source stay: what was watched must not be forgotten."""
    if forget:
        connection.execute(delete(counts).where(counts.c.source_id == source_id))
        connection.execute(delete(coverage).where(coverage.c.source_id == source_id))
        connection.execute(delete(source_alarms).where(source_alarms.c.source_id == source_id))
    connection.execute(delete(sources).where(sources.c.id == source_id))


def list_due(connection: Connection, now: datetime) -> list[int]:
    """Sources that nobody runs and whose time has come, in the order they are to be run."""
    rows = connection.execute(
        select(sources.c.id, sources.c.due_at, sources.c.priority).where(
            sources.c.status == "active", sources.c.due_at <= now, _free(now)
        )
    ).all()
    ordered = sorted(rows, key=lambda row: (row.due_at - row.priority * PRIORITY_STEP, row.id))
    return [row.id for row in ordered]


def claim_due_source(
    connection: Connection, source_id: int, *, token: str, now: datetime, until: datetime
) -> Source | None:
    """Hand a due source to one caller; an expired claim is taken over."""
    due = (sources.c.status == "active", sources.c.due_at <= now)
    return _claim(connection, source_id, *due, token=token, now=now, until=until)


def claim_source(
    connection: Connection, source_id: int, *, token: str, now: datetime, until: datetime
) -> Source | None:
    return _claim(connection, source_id, token=token, now=now, until=until)


def renew_claim(connection: Connection, source_id: int, *, token: str, until: datetime) -> bool:
    """Hold the claim for longer; False when it was lost."""
    return _held(connection, source_id, token, claim_until=until)


def save_cursor(
    connection: Connection,
    source_id: int,
    *,
    token: str,
    cursor: Mapping[str, Any],
    at: datetime,
    until: datetime,
) -> bool:
    """Go on from `cursor` next time and hold the claim until `until`; False when it was lost.

    `last_run_at` is when the source last answered: what comes after a kill sees no gap before it.
    """
    return _held(
        connection, source_id, token, cursor=dict(cursor), last_run_at=at, claim_until=until
    )


def record_new(connection: Connection, source_id: int, at: datetime) -> None:
    _set(connection, source_id, last_new_at=at)


def finish_run(connection: Connection, source_id: int, *, token: str, **fate: Any) -> bool:
    """Let go of the source and write down how the run ended; False when the claim was lost."""
    return _held(connection, source_id, token, claim_token=None, claim_until=None, **fate)


def _free(now: datetime) -> Any:
    return or_(sources.c.claim_until.is_(None), sources.c.claim_until < now)


def _claim(
    connection: Connection,
    source_id: int,
    *conditions: Any,
    token: str,
    now: datetime,
    until: datetime,
) -> Source | None:
    # The conditions stand in the UPDATE itself: of two callers only one changes a row.
    changed = connection.execute(
        update(sources)
        .where(sources.c.id == source_id, _free(now), *conditions)
        .values(claim_token=token, claim_until=until)
        .returning(sources)
    ).first()
    return _source(changed) if changed else None


def _held(connection: Connection, source_id: int, token: str, **values: Any) -> bool:
    changed = connection.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.claim_token == token)
        .values(**values)
    )
    return changed.rowcount == 1


def _set(connection: Connection, source_id: int, **values: Any) -> None:
    connection.execute(update(sources).where(sources.c.id == source_id).values(**values))


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
        **{name: getattr(row, name) for name in _PLAIN},
    )
