"""Seals what was seen, in the transaction that flags it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from monitor.clock import utcnow
from monitor.domain import SYSTEM, Actor, case_label
from monitor.evidence import custody
from monitor.storage import Connection, evidence

POST_AS_RECEIVED = "post_as_received"
POST_SEEN_LATER = "post_seen_later"


def seal_post(
    connection: Connection,
    case_id: int,
    received: bytes,
    *,
    prediction: bytes,
    sample: bool,
    by: Actor = SYSTEM,
) -> None:
    """Store the canonical JSON of the post with its hash, and chain the hash into the log.

    The post object holds the author object, so one hash covers what was said and by whom. The
    log also keeps what the model said of it, as a hash, and whether it is a sample.
    """
    details = {"prediction_sha256": hashlib.sha256(prediction).hexdigest(), "sample": sample}
    seal_snapshot(connection, case_id, POST_AS_RECEIVED, received, details, by=by)


def seal_snapshot(
    connection: Connection,
    case_id: int,
    kind: str,
    content: bytes,
    details: Mapping[str, Any],
    *,
    by: Actor = SYSTEM,
) -> None:
    """Store a canonical JSON object as evidence of `kind` and chain its hash into the log."""
    sha256 = hashlib.sha256(content).hexdigest()
    details = {"kind": kind, "sha256": sha256, "bytes": len(content), **details}
    seq = custody.record(connection, by, custody.SEALED, f"case:{case_label(case_id)}", details)
    evidence.add_evidence(
        connection,
        case_id=case_id,
        kind=kind,
        sha256=sha256,
        content=content.decode(),
        sealed_at=utcnow(),
        log_seq=seq,
    )
