"""Queries about approvals, the second pair of eyes."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.domain import Approval
from monitor.storage.tables import approvals, users


def add_approval(
    connection: Connection, *, case_id: int, approver_id: int, note: str, at: datetime
) -> int:
    result = connection.execute(
        insert(approvals)
        .values(case_id=case_id, approver_id=approver_id, note=note, approved_at=at)
        .returning(approvals.c.id)
    )
    return int(result.scalar_one())


def list_approvals(connection: Connection, case_id: int) -> list[Approval]:
    rows = connection.execute(
        select(approvals, users.c.name.label("approver"))
        .join(users, users.c.id == approvals.c.approver_id)
        .where(approvals.c.case_id == case_id)
        .order_by(approvals.c.id)
    )
    return [
        Approval(
            id=row.id,
            case_id=row.case_id,
            approver=row.approver,
            note=row.note,
            approved_at=row.approved_at,
        )
        for row in rows
    ]
