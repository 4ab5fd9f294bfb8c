"""Decisions, approvals and statuses in the words of the log, to be compared with it."""

from typing import Any

from sqlalchemy import Connection, select

from monitor.domain import CaseStatus, case_label
from monitor.storage.tables import approvals, cases, decisions


def decisions_as_logged(connection: Connection) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(decisions).order_by(decisions.c.id))
    return {
        row.id: {
            "case": f"case:{case_label(row.case_id)}",
            "decision_id": row.id,
            "decision": row.decision,
            "version": row.case_version,
            "acts": row.acts,
            "stance": row.stance,
            "asn": row.asn,
            "targets": row.targets,
            "note": row.note,
            **({"undone": True} if row.undone_at else {}),
        }
        for row in rows
    }


def approvals_as_logged(connection: Connection) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(approvals).order_by(approvals.c.id))
    return {
        row.id: {
            "case": f"case:{case_label(row.case_id)}",
            "approval_id": row.id,
            "note": row.note,
        }
        for row in rows
    }


def statuses(connection: Connection) -> dict[str, CaseStatus]:
    rows = connection.execute(select(cases.c.id, cases.c.status).order_by(cases.c.id))
    return {f"case:{case_label(row.id)}": CaseStatus(row.status) for row in rows}
