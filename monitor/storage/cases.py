"""Queries about cases: the queue, one case with all that belongs to it, claims and versions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from monitor.domain import Case, CaseStatus
from monitor.storage.approvals import list_approvals
from monitor.storage.decisions import list_decisions
from monitor.storage.evidence import list_evidence
from monitor.storage.tables import cases, posts, predictions, users


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases may be narrowed by; None and empty mean *any*."""

    statuses: Collection[CaseStatus] = ()
    region: str = ""
    act: str = ""
    min_risk: float | None = None
    posted_after: datetime | None = None
    assigned_to: str = ""
    q: str = ""
    sample: bool | None = None


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where a page of the queue ends; both parts never change, so no case is skipped."""

    priority: float
    case_id: int


def add_case(connection: Connection, values: Mapping[str, Any]) -> int:
    result = connection.execute(insert(cases).values(**values).returning(cases.c.id))
    return int(result.scalar_one())


def find_case(connection: Connection, case_id: int) -> Case | None:
    """Return the case with its evidence, decisions and approvals."""
    row = connection.execute(_selection().where(cases.c.id == case_id)).first()
    if row is None:
        return None
    return replace(
        _case(row),
        evidence=tuple(list_evidence(connection, case_id)),
        decisions=tuple(list_decisions(connection, case_id)),
        approvals=tuple(list_approvals(connection, case_id)),
    )


def list_cases(
    connection: Connection, wanted: CaseFilter, *, after: QueuePosition | None, limit: int
) -> list[Case]:
    """Return one page of the queue, highest priority first, without the parts of each case."""
    conditions = _conditions(wanted)
    if after is not None:
        conditions.append(
            or_(
                cases.c.priority < after.priority,
                and_(cases.c.priority == after.priority, cases.c.id > after.case_id),
            )
        )
    rows = connection.execute(
        _selection().where(*conditions).order_by(cases.c.priority.desc(), cases.c.id).limit(limit)
    )
    return [_case(row) for row in rows]


def count_by_status(connection: Connection) -> dict[tuple[str, bool], int]:
    rows = connection.execute(
        select(cases.c.status, cases.c.sample, func.count()).group_by(
            cases.c.status, cases.c.sample
        )
    )
    return {(status, bool(sample)): int(n) for status, sample, n in rows}


def count_leases(connection: Connection, user_id: int, now: datetime) -> int:
    held = select(func.count()).where(
        cases.c.status == CaseStatus.LEASED,
        cases.c.assigned_to == user_id,
        cases.c.lease_until >= now,
    )
    return int(connection.execute(held).scalar_one())


def find_next_free(connection: Connection, now: datetime, skip: Collection[int]) -> int | None:
    """Return the free case of the highest priority; one whose lease ran out is free again."""
    free = or_(
        cases.c.status == CaseStatus.NEW,
        and_(cases.c.status == CaseStatus.LEASED, cases.c.lease_until < now),
    )
    statement = (
        select(cases.c.id)
        .where(free, cases.c.id.not_in(list(skip)))
        .order_by(cases.c.priority.desc(), cases.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(statement).scalar()


def change_case(
    connection: Connection, case_id: int, version: int, values: Mapping[str, Any]
) -> bool:
    """Change the case if nobody was first: True when `version` still stood."""
    changed = connection.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.version == version)
        .values(version=version + 1, **values)
    )
    return changed.rowcount == 1


def set_lease(
    connection: Connection, case_id: int, version: int, user_id: int, until: datetime
) -> bool:
    """Prolong a lease without a new version: nothing a decision rests on has changed."""
    changed = connection.execute(
        update(cases)
        .where(
            cases.c.id == case_id,
            cases.c.version == version,
            cases.c.assigned_to == user_id,
            cases.c.status == CaseStatus.LEASED,
        )
        .values(lease_until=until)
    )
    return changed.rowcount == 1


def list_ids_of_posts(connection: Connection, post_ids: Collection[int]) -> list[int]:
    return list(
        connection.execute(select(cases.c.id).where(cases.c.post_id.in_(post_ids))).scalars()
    )


def _selection() -> Any:
    return (
        select(
            cases,
            posts.c.received,
            posts.c.posted_at,
            posts.c.date_doubtful,
            posts.c.collected_at,
            predictions.c.body.label("prediction"),
            users.c.name.label("assigned_name"),
        )
        .join(posts, posts.c.id == cases.c.post_id)
        .outerjoin(predictions, predictions.c.post_id == posts.c.id)
        .outerjoin(users, users.c.id == cases.c.assigned_to)
    )


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(cases.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.region:
        # A province code takes its regencies along: 33 covers 33.14.
        conditions.append(
            or_(cases.c.region == wanted.region, cases.c.region.startswith(f"{wanted.region}."))
        )
    if wanted.act:
        conditions.append(cases.c.act == wanted.act)
    if wanted.min_risk is not None:
        conditions.append(cases.c.risk >= wanted.min_risk)
    if wanted.posted_after is not None:
        conditions.append(posts.c.posted_at > wanted.posted_after)
    if wanted.assigned_to:
        conditions.append(users.c.name == wanted.assigned_to)
    if wanted.sample is not None:
        conditions.append(cases.c.sample.is_(wanted.sample))
    if wanted.q:
        conditions.append(cases.c.search_text.contains(wanted.q.lower(), autoescape=True))
    return conditions


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        version=row.version,
        status=CaseStatus(row.status),
        risk=row.risk,
        priority=row.priority,
        region=row.region,
        act=row.act,
        sample=row.sample,
        post=orjson.loads(row.received),
        date_doubtful=row.date_doubtful,
        prediction=row.prediction or {},
        collected_at=row.collected_at,
        posted_at=row.posted_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        assigned_to=row.assigned_name or "",
        lease_until=row.lease_until,
    )
