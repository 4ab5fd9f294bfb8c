"""Queries about decisions; one is never changed except to record that it was undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.domain import CaseStatus, Decision, DecisionKind
from monitor.storage.tables import decisions, users


def add_decision(connection: Connection, values: Mapping[str, Any]) -> int:
    result = connection.execute(insert(decisions).values(**values).returning(decisions.c.id))
    return int(result.scalar_one())


def list_decisions(connection: Connection, case_id: int) -> list[Decision]:
    rows = connection.execute(
        _selection().where(decisions.c.case_id == case_id).order_by(decisions.c.id)
    )
    return [_decision(row) for row in rows]


def find_decision(connection: Connection, case_id: int, decision_id: int) -> Decision | None:
    row = connection.execute(
        _selection().where(decisions.c.id == decision_id, decisions.c.case_id == case_id)
    ).first()
    return _decision(row) if row else None


def mark_undone(connection: Connection, decision_id: int, at: datetime) -> bool:
    changed = connection.execute(
        update(decisions)
        .where(decisions.c.id == decision_id, decisions.c.undone_at.is_(None))
        .values(undone_at=at)
    )
    return changed.rowcount == 1


def _selection() -> Any:
    return select(decisions, users.c.name.label("reviewer")).join(
        users, users.c.id == decisions.c.reviewer_id
    )


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        case_id=row.case_id,
        decision=DecisionKind(row.decision),
        reviewer=row.reviewer,
        via_key=row.via_key,
        case_version=row.case_version,
        status_before=CaseStatus(row.status_before),
        acts=None if row.acts is None else tuple(row.acts),
        stance=row.stance,
        asn=row.asn,
        targets=None if row.targets is None else tuple(row.targets),
        note=row.note,
        decided_at=row.decided_at,
        undone_at=row.undone_at,
    )
