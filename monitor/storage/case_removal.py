"""Removes a case of the sample source with all that belongs to it; the log keeps what happened."""

from sqlalchemy import Connection, delete

from monitor.storage.tables import alerts, approvals, cases, decisions, evidence


def remove_case(connection: Connection, case_id: int) -> None:
    """Published alerts stay: a partner that counts 1, 2, 3, … must find no gap."""
    connection.execute(delete(alerts).where(alerts.c.case_id == case_id, alerts.c.seq.is_(None)))
    for table in (decisions, approvals, evidence):
        connection.execute(delete(table).where(table.c.case_id == case_id))
    connection.execute(delete(cases).where(cases.c.id == case_id))
