"""Queries about flagged posts that are looked at again: edited, removed, restored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, exists, func, literal, or_, select, update

from monitor.domain import CaseStatus, PostState
from monitor.storage.tables import cases, posts, rechecks, sources
from monitor.storage.upsert import insert_or

# Nothing more is learnt by looking at what is settled; an approved case is watched on.
_SETTLED = (CaseStatus.DISMISSED, CaseStatus.DUPLICATE, CaseStatus.CLOSED)


class PostPresence(StrEnum):
    """What the platform last said of a post; `unknown` before the first look."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    EDITED = "edited"
    MISSING = "missing"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Recheck:
    """A post claimed for another look, with what was received and what the last look found."""

    post_id: int
    case_id: int
    case_version: int
    source_name: str
    platform: str
    received: dict[str, Any]
    collected_at: datetime
    state: PostPresence
    looks: int
    content_sha256: str
    first_missing_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of a post's presence, for the page of its case."""

    state: PostPresence
    looks: int
    last_seen_at: datetime | None
    first_missing_at: datetime | None
    restored_at: datetime | None


def enrol(connection: Connection, kinds: Collection[str], *, due_at: datetime) -> int:
    """Watch flagged posts of sources that can be asked again and are not watched yet."""
    wanted = (
        select(
            posts.c.id,
            literal(PostPresence.UNKNOWN.value),
            literal(due_at, type_=rechecks.c.due_at.type),
            literal(0),
            literal(""),
        )
        .join(sources, sources.c.id == posts.c.source_id)
        .join(cases, cases.c.post_id == posts.c.id)
        .where(
            posts.c.state == PostState.FLAGGED,
            sources.c.kind.in_(list(kinds)),
            # A like or share stands on no page of its own that could be asked again.
            ~posts.c.received.contains('"action":'),
            ~exists().where(rechecks.c.post_id == posts.c.id),
        )
    )
    columns = ["post_id", "state", "due_at", "looks", "content_sha256"]
    # Two processes may enrol at once; the first row of a post stands.
    statement = insert_or(connection, rechecks).from_select(columns, wanted)
    statement = statement.on_conflict_do_nothing().returning(rechecks.c.post_id)
    return len(connection.execute(statement).all())


def claim_due(
    connection: Connection, *, token: str, now: datetime, until: datetime
) -> Recheck | None:
    """Give the longest waiting post to the holder of `token`; None when none is due."""
    due = (
        select(rechecks.c.post_id)
        .join(cases, cases.c.post_id == rechecks.c.post_id)
        .where(
            rechecks.c.due_at <= now,
            or_(rechecks.c.claim_until.is_(None), rechecks.c.claim_until < now),
            cases.c.status.not_in(_SETTLED),
        )
        .order_by(rechecks.c.due_at, rechecks.c.post_id)
        .limit(1)
        .with_for_update(skip_locked=True, of=rechecks)
    )
    post_id = connection.execute(due).scalar()
    if post_id is None:
        return None
    connection.execute(
        update(rechecks)
        .where(rechecks.c.post_id == post_id)
        .values(claim_token=token, claim_until=until)
    )
    row = connection.execute(
        select(
            rechecks,
            posts.c.received,
            posts.c.platform,
            posts.c.collected_at,
            cases.c.id.label("case_id"),
            cases.c.version.label("case_version"),
            sources.c.name.label("source_name"),
        )
        .join(posts, posts.c.id == rechecks.c.post_id)
        .join(cases, cases.c.post_id == rechecks.c.post_id)
        .join(sources, sources.c.id == posts.c.source_id)
        .where(rechecks.c.post_id == post_id)
    ).one()
    return _recheck(row)


def record_look(
    connection: Connection, post_id: int, token: str, *, due_at: datetime, **values: Any
) -> bool:
    """Write what a look found and when the next is due; False when the claim was lost."""
    changed = connection.execute(
        update(rechecks)
        .where(rechecks.c.post_id == post_id, rechecks.c.claim_token == token)
        .values(claim_token=None, claim_until=None, due_at=due_at, **values)
    )
    return changed.rowcount == 1


def find_sighting(connection: Connection, case_id: int) -> Sighting | None:
    row = connection.execute(
        select(rechecks)
        .join(cases, cases.c.post_id == rechecks.c.post_id)
        .where(cases.c.id == case_id)
    ).first()
    if row is None:
        return None
    return Sighting(
        PostPresence(row.state),
        row.looks,
        row.last_seen_at,
        row.first_missing_at,
        row.restored_at,
    )


def hasten_author(
    connection: Connection, platform: str, handle: str, *, due_at: datetime, seen: int
) -> list[tuple[int, float]]:
    """Look at once at the account's posts but the one just `seen`; return (case, priority) of all.

    Who removes one post often removes more.
    """
    written = orjson.dumps(handle).decode()
    same = and_(
        posts.c.platform == platform,
        posts.c.state == PostState.FLAGGED,
        # Canonical JSON: no space after the colon. `contains` escapes what LIKE would read.
        posts.c.received.contains(f'"handle":{written}', autoescape=True),
    )
    ids = select(posts.c.id).where(same)
    connection.execute(
        update(rechecks)
        .where(
            rechecks.c.post_id.in_(ids),
            rechecks.c.post_id != seen,
            rechecks.c.due_at > due_at,
        )
        .values(due_at=due_at)
    )
    found = connection.execute(
        select(cases.c.id, cases.c.priority).where(
            cases.c.post_id.in_(ids), cases.c.status.in_((CaseStatus.NEW, CaseStatus.LEASED))
        )
    )
    return [(row.id, row.priority) for row in found]


def set_priority(connection: Connection, case_id: int, priority: float) -> None:
    """Move a case in the queue; no new version: nothing a decision rests on has changed."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(priority=priority))


def count_by_state(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(rechecks.c.state, func.count()).group_by(rechecks.c.state))
    return {state: int(n) for state, n in rows}


def _recheck(row: Row[Any]) -> Recheck:
    return Recheck(
        post_id=row.post_id,
        case_id=row.case_id,
        case_version=row.case_version,
        source_name=row.source_name,
        platform=row.platform,
        received=orjson.loads(row.received),
        collected_at=row.collected_at,
        state=PostPresence(row.state),
        looks=row.looks,
        content_sha256=row.content_sha256,
        first_missing_at=row.first_missing_at,
    )
