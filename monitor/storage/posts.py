"""Queries about posts that passed the gate."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Row,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)

from monitor.domain import PendingPost, PostState
from monitor.storage.tables import posts, predictions, sources
from monitor.storage.upsert import insert_or

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewPost:
    platform: str
    external_id: str
    received: bytes
    region: str
    posted_at: datetime | None
    date_doubtful: bool


def find_known_keys(connection: Connection, keys: Collection[Key]) -> set[Key]:
    columns = (posts.c.platform, posts.c.external_id)
    rows = connection.execute(select(*columns).where(tuple_(*columns).in_(list(keys))))
    return {(row.platform, row.external_id) for row in rows}


def add_posts(
    connection: Connection,
    new: Iterable[NewPost],
    *,
    source_id: int | None,
    at: datetime,
    claim_token: str | None,
    claim_until: datetime | None,
) -> int:
    """Insert posts as pending; return how many were really new (others may be first)."""
    rows = [
        {
            "platform": post.platform,
            "external_id": post.external_id,
            "source_id": source_id,
            "received": post.received.decode(),
            "region": post.region,
            "posted_at": post.posted_at,
            "date_doubtful": post.date_doubtful,
            "collected_at": at,
            "state": PostState.PENDING,
            "attempts": 0,
            "last_error": "",
            "claim_token": claim_token,
            "claim_until": claim_until,
        }
        # Sorted for the same reason as marks: no deadlock between two imports of one file.
        for post in sorted(new, key=lambda post: (post.platform, post.external_id))
    ]
    if not rows:
        return 0
    statement = insert_or(connection, posts).on_conflict_do_nothing().returning(posts.c.id)
    return len(connection.execute(statement, rows).all())


def claim_pending(
    connection: Connection,
    *,
    token: str,
    now: datetime,
    until: datetime,
    limit: int,
    source_id: int | None = None,
) -> None:
    """Give up to `limit` waiting posts (of one source) to the holder of `token`, oldest first."""
    free = or_(posts.c.claim_until.is_(None), posts.c.claim_until < now)
    ripe = or_(posts.c.retry_at.is_(None), posts.c.retry_at <= now)
    wanted = true() if source_id is None else posts.c.source_id == source_id
    waiting = (
        select(posts.c.id)
        .where(posts.c.state == PostState.PENDING, free, ripe, wanted)
        .order_by(posts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.execute(waiting).scalars())
    if ids:
        connection.execute(
            update(posts).where(posts.c.id.in_(ids)).values(claim_token=token, claim_until=until)
        )


def list_claimed(connection: Connection, token: str) -> list[PendingPost]:
    rows = connection.execute(
        select(posts, sources.c.sample)
        .outerjoin(sources, sources.c.id == posts.c.source_id)
        .where(posts.c.claim_token == token, posts.c.state == PostState.PENDING)
        .order_by(posts.c.id)
    )
    return [_pending(row) for row in rows]


def lock_claimed(connection: Connection, token: str) -> set[int]:
    """Return the posts still held under `token`; a claim that ran out may be somebody else's."""
    rows = connection.execute(
        select(posts.c.id)
        .where(posts.c.claim_token == token, posts.c.state == PostState.PENDING)
        .with_for_update()
    )
    return set(rows.scalars())


def renew_claims(connection: Connection, token: str, until: datetime) -> None:
    connection.execute(
        update(posts)
        .where(posts.c.claim_token == token, posts.c.state == PostState.PENDING)
        .values(claim_until=until)
    )


def release_claims(connection: Connection, token: str, error: str = "") -> None:
    connection.execute(
        update(posts)
        .where(posts.c.claim_token == token, posts.c.state == PostState.PENDING)
        .values(claim_token=None, claim_until=None, last_error=error)
    )


def record_failure(connection: Connection, post_id: int, *, error: str, retry_at: datetime) -> None:
    connection.execute(
        update(posts)
        .where(posts.c.id == post_id)
        .values(
            attempts=posts.c.attempts + 1,
            last_error=error,
            retry_at=retry_at,
            claim_token=None,
            claim_until=None,
        )
    )


def record_scored(connection: Connection, states: Mapping[int, PostState], at: datetime) -> None:
    for state in set(states.values()):
        ids = [post_id for post_id, reached in states.items() if reached == state]
        connection.execute(
            update(posts)
            .where(posts.c.id.in_(ids))
            .values(state=state, scored_at=at, claim_token=None, claim_until=None, last_error="")
        )


def add_predictions(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(predictions), rows)


def remove_posts(connection: Connection, ids: Collection[int]) -> None:
    if ids:
        connection.execute(delete(predictions).where(predictions.c.post_id.in_(ids)))
        connection.execute(delete(posts).where(posts.c.id.in_(ids)))


def list_expired_keys(
    connection: Connection, scored_before: datetime, limit: int
) -> list[tuple[int, str, str]]:
    """Return (id, platform, external_id) of unflagged posts whose keeping time is over."""
    rows = connection.execute(
        select(posts.c.id, posts.c.platform, posts.c.external_id)
        .where(posts.c.state == PostState.UNFLAGGED, posts.c.scored_at < scored_before)
        .order_by(posts.c.id)
        .limit(limit)
    )
    return [(row.id, row.platform, row.external_id) for row in rows]


def list_ids_of_source(connection: Connection, source_id: int) -> list[int]:
    return list(
        connection.execute(select(posts.c.id).where(posts.c.source_id == source_id)).scalars()
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    pending: int
    failing: int
    oldest: datetime | None
    last_error: str


def backlog(connection: Connection) -> Backlog:
    """What waits as *belum dinilai*."""
    waiting = posts.c.state == PostState.PENDING
    failing = and_(waiting, posts.c.attempts > 0)
    row = connection.execute(
        select(
            func.count().label("pending"),
            func.coalesce(func.sum(case((failing, 1), else_=0)), 0).label("failing"),
            func.min(posts.c.collected_at).label("oldest"),
            func.coalesce(func.max(posts.c.last_error), "").label("last_error"),
        ).where(waiting)
    ).one()
    return Backlog(row.pending, row.failing, row.oldest, row.last_error)


def _pending(row: Row[Any]) -> PendingPost:
    received = row.received.encode()
    return PendingPost(
        id=row.id,
        received=orjson.loads(received),
        received_json=received,
        source_id=row.source_id,
        sample=bool(row.sample),
        region=row.region,
        attempts=row.attempts,
    )
