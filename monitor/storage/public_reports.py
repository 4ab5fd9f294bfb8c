"""Queries about what the public has reported."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from monitor.storage.posts import Key
from monitor.storage.tables import cases, log, posts, public_reports


class ReportStatus(StrEnum):
    """`needs_fetch`: only an address was given, and nobody has read yet what stands there."""

    RECEIVED = "received"
    NEEDS_FETCH = "needs_fetch"
    LOOKING = "looking"
    CASE = "case"
    REFUSED = "refused"


CLOSED = (ReportStatus.CASE, ReportStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class PublicReport:
    id: int
    ticket: str
    status: ReportStatus
    link: str
    text: str
    seen: str
    seen_at: datetime | None
    contact: str
    region: str
    sender: str
    about: str
    post_id: int | None
    case_id: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReportStep:
    """A row of the log about one report."""

    at: datetime
    actor: str
    action: str
    details: Mapping[str, Any]


def add_report(connection: Connection, values: Mapping[str, Any]) -> int:
    result = connection.execute(
        insert(public_reports).values(**values).returning(public_reports.c.id)
    )
    return int(result.scalar_one())


def find_report(connection: Connection, ticket: str) -> PublicReport | None:
    row = connection.execute(_selection().where(public_reports.c.ticket == ticket)).first()
    return _report(row) if row else None


def lock_report(connection: Connection, ticket: str) -> PublicReport | None:
    """As `find_report`, for changing it in this transaction."""
    connection.execute(
        select(public_reports.c.id).where(public_reports.c.ticket == ticket).with_for_update()
    )
    return find_report(connection, ticket)


def list_reports(
    connection: Connection,
    statuses: Collection[ReportStatus],
    *,
    before_id: int | None,
    limit: int,
    about: str = "",
    sender: str = "",
    case_id: int | None = None,
) -> list[PublicReport]:
    """Return one page, newest first; no statuses means all."""
    conditions: list[ColumnElement[bool]] = []
    if statuses:
        conditions.append(public_reports.c.status.in_([status.value for status in statuses]))
    if before_id is not None:
        conditions.append(public_reports.c.id < before_id)
    if about:
        conditions.append(public_reports.c.about == about)
    if sender:
        conditions.append(public_reports.c.sender == sender)
    if case_id is not None:
        conditions.append(cases.c.id == case_id)
    rows = connection.execute(
        _selection().where(*conditions).order_by(public_reports.c.id.desc()).limit(limit)
    )
    return [_report(row) for row in rows]


def list_unfetched(
    connection: Connection, *, tried_before: datetime, created_after: datetime, limit: int
) -> list[PublicReport]:
    """Return addresses nobody has read yet: those never tried, then those tried long ago."""
    never = public_reports.c.updated_at == public_reports.c.created_at
    rows = connection.execute(
        _selection()
        .where(
            public_reports.c.status == ReportStatus.NEEDS_FETCH,
            public_reports.c.created_at > created_after,
            or_(never, public_reports.c.updated_at <= tried_before),
        )
        .order_by(public_reports.c.updated_at, public_reports.c.id)
        .limit(limit)
    )
    return [_report(row) for row in rows]


def change_report(connection: Connection, report_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(public_reports).where(public_reports.c.id == report_id).values(**values)
    )


def settle_waiting(
    connection: Connection, about: str, post_id: int | None, at: datetime
) -> list[int]:
    """What was fetched for one report answers all that wait for the same address: which ones."""
    changed = connection.execute(
        update(public_reports)
        .where(
            public_reports.c.about == about,
            public_reports.c.status == ReportStatus.NEEDS_FETCH,
        )
        .values(post_id=post_id, status=ReportStatus.RECEIVED, updated_at=at)
        .returning(public_reports.c.id)
    )
    return list(changed.scalars())


def list_steps(connection: Connection, report_id: int) -> list[ReportStep]:
    rows = connection.execute(
        select(log.c.at, log.c.actor, log.c.action, log.c.details)
        .where(log.c.subject == subject_of(report_id))
        .order_by(log.c.seq)
    )
    return [
        ReportStep(datetime.fromisoformat(row.at), row.actor, row.action, orjson.loads(row.details))
        for row in rows
    ]


def subject_of(report_id: int) -> str:
    """How the log names a report: not by its ticket, which opens the page of its status."""
    return f"report:{report_id}"


def find_post_id(connection: Connection, key: Key) -> int | None:
    platform, external_id = key
    return connection.execute(
        select(posts.c.id).where(posts.c.platform == platform, posts.c.external_id == external_id)
    ).scalar()


def find_post_of_case(connection: Connection, case_id: int) -> int | None:
    return connection.execute(select(cases.c.post_id).where(cases.c.id == case_id)).scalar()


def _selection() -> Any:
    return select(public_reports, cases.c.id.label("case_id")).outerjoin(
        cases,
        and_(cases.c.post_id == public_reports.c.post_id, public_reports.c.post_id.is_not(None)),
    )


def _report(row: Row[Any]) -> PublicReport:
    return PublicReport(
        id=row.id,
        ticket=row.ticket,
        status=ReportStatus(row.status),
        link=row.link,
        text=row.text,
        seen=row.seen,
        seen_at=row.seen_at,
        contact=row.contact,
        region=row.region,
        sender=row.sender,
        about=row.about,
        post_id=row.post_id,
        case_id=row.case_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
