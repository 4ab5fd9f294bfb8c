"""Queries about the append-only log. What a row means and how it is chained: `monitor.evidence`."""

from sqlalchemy import Connection, insert, select

from monitor.domain import LogEntry
from monitor.storage.tables import log


def find_last_entry(connection: Connection) -> LogEntry | None:
    row = connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
    return LogEntry(*row) if row else None


def add_entry(connection: Connection, entry: LogEntry) -> None:
    connection.execute(
        insert(log).values(
            seq=entry.seq,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            details=entry.details,
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )
    )


def page_of_entries(connection: Connection, after_seq: int, limit: int) -> list[LogEntry]:
    rows = connection.execute(
        select(log).where(log.c.seq > after_seq).order_by(log.c.seq).limit(limit)
    )
    return [LogEntry(*row) for row in rows]


def find_entry(connection: Connection, seq: int) -> LogEntry | None:
    row = connection.execute(select(log).where(log.c.seq == seq)).first()
    return LogEntry(*row) if row else None
