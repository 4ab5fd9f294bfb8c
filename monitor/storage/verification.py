"""Decisions, approvals and statuses in the words of the log, to be compared with it."""

from typing import Any

import orjson
from sqlalchemy import Connection, Text, select, type_coerce

from monitor.domain import case_label, signature
from monitor.storage.tables import approvals, cases, decisions, users


def decisions_as_logged(connection: Connection) -> dict[int, dict[str, Any]]:
    # Lists as text: a value that somebody spoilt must be named, not end the walk.
    plain = [column for column in decisions.c if column.name not in ("acts", "targets")]
    rows = connection.execute(
        select(
            *plain,
            users.c.name,
            type_coerce(decisions.c.acts, Text).label("acts_text"),
            type_coerce(decisions.c.targets, Text).label("targets_text"),
        )
        .join(users, users.c.id == decisions.c.reviewer_id)
        .order_by(decisions.c.id)
    )
    return {
        row.id: {
            "case": f"case:{case_label(row.case_id)}",
            "actor": signature(row.name, via_key=row.via_key),
            "decision_id": row.id,
            "decision": row.decision,
            "version": row.case_version,
            "acts": _decoded(row.acts_text),
            "stance": row.stance,
            "asn": row.asn,
            "targets": _decoded(row.targets_text),
            "note": row.note,
            **({"undone": True} if row.undone_at else {}),
        }
        for row in rows
    }


def approvals_as_logged(connection: Connection) -> dict[int, dict[str, Any]]:
    rows = connection.execute(
        select(approvals, users.c.name)
        .join(users, users.c.id == approvals.c.approver_id)
        .order_by(approvals.c.id)
    )
    return {
        row.id: {
            "case": f"case:{case_label(row.case_id)}",
            "actor": signature(row.name, via_key=False),
            "approval_id": row.id,
            "note": row.note,
        }
        for row in rows
    }


def statuses(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(cases.c.id, cases.c.status).order_by(cases.c.id))
    return {f"case:{case_label(row.id)}": row.status for row in rows}


def _decoded(text: str | None) -> Any:
    try:
        return None if text is None else orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
