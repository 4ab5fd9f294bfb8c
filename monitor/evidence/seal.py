"""Seals what was seen, in the transaction that flags it."""

import hashlib

from monitor.clock import utcnow
from monitor.domain import SYSTEM, Actor, case_label
from monitor.evidence import custody
from monitor.storage import Connection, evidence

POST_AS_RECEIVED = "post_as_received"


def seal_post(
    connection: Connection, case_id: int, received: bytes, *, sample: bool, by: Actor = SYSTEM
) -> None:
    """Store the canonical JSON of the post with its hash, and chain the hash into the log.

    The post object holds the author object, so one hash covers what was said and by whom.
    """
    sha256 = hashlib.sha256(received).hexdigest()
    seq = custody.record(
        connection,
        by,
        custody.SEALED,
        f"case:{case_label(case_id)}",
        {"kind": POST_AS_RECEIVED, "sha256": sha256, "bytes": len(received), "sample": sample},
    )
    evidence.add_evidence(
        connection,
        case_id=case_id,
        kind=POST_AS_RECEIVED,
        sha256=sha256,
        content=received.decode(),
        sealed_at=utcnow(),
        log_seq=seq,
    )
