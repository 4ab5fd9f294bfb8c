"""Queries about sealed evidence; rows are written once and never changed."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.domain import Evidence
from monitor.storage.tables import evidence


def add_evidence(
    connection: Connection,
    *,
    case_id: int,
    kind: str,
    sha256: str,
    content: str,
    sealed_at: datetime,
    log_seq: int,
) -> None:
    connection.execute(
        insert(evidence).values(
            case_id=case_id,
            kind=kind,
            sha256=sha256,
            content=content,
            sealed_at=sealed_at,
            log_seq=log_seq,
        )
    )


def list_evidence(connection: Connection, case_id: int) -> list[Evidence]:
    rows = connection.execute(
        select(evidence).where(evidence.c.case_id == case_id).order_by(evidence.c.id)
    )
    return [
        Evidence(
            id=row.id,
            kind=row.kind,
            sha256=row.sha256,
            content=row.content,
            sealed_at=row.sealed_at,
            log_seq=row.log_seq,
        )
        for row in rows
    ]


def page_of_seals(
    connection: Connection, after_id: int, limit: int
) -> list[tuple[int, int, str, str, int]]:
    """Return (id, case_id, sha256, content, log_seq) in order, for verification."""
    rows = connection.execute(
        select(
            evidence.c.id,
            evidence.c.case_id,
            evidence.c.sha256,
            evidence.c.content,
            evidence.c.log_seq,
        )
        .where(evidence.c.id > after_id)
        .order_by(evidence.c.id)
        .limit(limit)
    )
    return [(row.id, row.case_id, row.sha256, row.content, row.log_seq) for row in rows]
