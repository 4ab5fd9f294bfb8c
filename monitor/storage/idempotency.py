"""Queries about answers kept for 24 hours under an Idempotency-Key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from monitor.storage.tables import idempotency
from monitor.storage.upsert import insert_or


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    request_hash: str
    created_at: datetime
    status: int | None
    media_type: str
    body: bytes


def begin(connection: Connection, *, owner: str, key: str, request_hash: str, at: datetime) -> bool:
    """Return True to the one caller who may run the request."""
    statement = insert_or(connection, idempotency).values(
        owner=owner, key=key, request_hash=request_hash, created_at=at
    )
    # The returned row, not the row count: psycopg reports none for an INSERT … DO NOTHING.
    begun = connection.execute(statement.on_conflict_do_nothing().returning(idempotency.c.key))
    return begun.first() is not None


def find(connection: Connection, owner: str, key: str) -> KeptAnswer | None:
    row = connection.execute(
        select(idempotency).where(idempotency.c.owner == owner, idempotency.c.key == key)
    ).first()
    if row is None:
        return None
    return KeptAnswer(
        request_hash=row.request_hash,
        created_at=row.created_at,
        status=row.status,
        media_type=row.media_type or "",
        body=bytes(row.body or b""),
    )


def finish(
    connection: Connection, *, owner: str, key: str, status: int, media_type: str, body: bytes
) -> None:
    connection.execute(
        update(idempotency)
        .where(idempotency.c.owner == owner, idempotency.c.key == key)
        .values(status=status, media_type=media_type, body=body)
    )


def forget(connection: Connection, owner: str, key: str) -> None:
    connection.execute(
        delete(idempotency).where(idempotency.c.owner == owner, idempotency.c.key == key)
    )


def purge(connection: Connection, before: datetime) -> int:
    return connection.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount
