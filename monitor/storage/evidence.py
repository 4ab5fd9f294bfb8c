"""Queries about sealed evidence; rows are written once and never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Text, func, insert, select, type_coerce

from monitor.domain import Evidence
from monitor.storage.tables import cases, evidence, posts, predictions


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


@dataclass(frozen=True, slots=True)
class Seal:
    """Sealed content beside what the case shows; the two must be the same."""

    id: int
    case_id: int
    sha256: str
    content: str
    log_seq: int
    received: str
    prediction: str
    sample: bool
    kind: str


def page_of_seals(connection: Connection, after_id: int, limit: int) -> list[Seal]:
    rows = connection.execute(
        select(
            evidence.c.id,
            evidence.c.case_id,
            evidence.c.sha256,
            evidence.c.content,
            evidence.c.log_seq,
            posts.c.received,
            # As stored, not decoded: these very characters were hashed.
            func.coalesce(type_coerce(predictions.c.body, Text), ""),
            cases.c.sample,
            evidence.c.kind,
        )
        .join(cases, cases.c.id == evidence.c.case_id)
        .join(posts, posts.c.id == cases.c.post_id)
        .outerjoin(predictions, predictions.c.post_id == posts.c.id)
        .where(evidence.c.id > after_id)
        .order_by(evidence.c.id)
        .limit(limit)
    )
    return [Seal(*row) for row in rows]
