"""Queries about alerts: written with their cause, numbered without gaps when they may leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.domain import Alert, AlertType
from monitor.storage.tables import alerts


def add_alert(
    connection: Connection,
    *,
    type: AlertType,
    case_id: int,
    decision_id: int | None,
    data: Mapping[str, Any],
    created_at: datetime,
    due_at: datetime,
) -> None:
    connection.execute(
        insert(alerts).values(
            type=type,
            case_id=case_id,
            decision_id=decision_id,
            data=dict(data),
            created_at=created_at,
            due_at=due_at,
        )
    )


def cancel_alerts_of_decision(connection: Connection, decision_id: int) -> None:
    """Take back what has not left yet; a published alert is never touched."""
    connection.execute(
        delete(alerts).where(alerts.c.decision_id == decision_id, alerts.c.seq.is_(None))
    )


def is_published(connection: Connection, decision_id: int) -> bool:
    statement = select(alerts.c.id).where(
        alerts.c.decision_id == decision_id, alerts.c.seq.is_not(None)
    )
    return connection.execute(statement).first() is not None


def make_due(connection: Connection, case_id: int, now: datetime) -> None:
    connection.execute(
        update(alerts).where(alerts.c.case_id == case_id, alerts.c.seq.is_(None)).values(due_at=now)
    )


def list_due(connection: Connection, now: datetime, limit: int) -> list[int]:
    rows = connection.execute(
        select(alerts.c.id)
        .where(alerts.c.seq.is_(None), alerts.c.due_at <= now)
        .order_by(alerts.c.due_at, alerts.c.id)
        .limit(limit)
    )
    return list(rows.scalars())


def last_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(alerts.c.seq), 0))).scalar_one())


def publish(connection: Connection, alert_id: int, seq: int, at: datetime) -> None:
    connection.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.seq.is_(None))
        .values(seq=seq, published_at=at)
    )


def list_published(connection: Connection, after: int, limit: int) -> list[Alert]:
    rows = connection.execute(
        select(alerts).where(alerts.c.seq > after).order_by(alerts.c.seq).limit(limit)
    )
    return [
        Alert(
            seq=row.seq,
            type=AlertType(row.type),
            at=row.published_at,
            case_id=row.case_id,
            data=row.data,
        )
        for row in rows
    ]
