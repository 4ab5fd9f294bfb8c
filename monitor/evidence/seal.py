"""Seals what was seen, in the transaction that flags it."""

import hashlib

from monitor.clock import utcnow
from monitor.domain import SYSTEM, Actor, case_label
from monitor.evidence import custody
from monitor.storage import Connection, evidence

POST_AS_RECEIVED = "post_as_received"


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
    sha256 = hashlib.sha256(received).hexdigest()
    details = {
        "kind": POST_AS_RECEIVED,
        "sha256": sha256,
        "bytes": len(received),
        "prediction_sha256": hashlib.sha256(prediction).hexdigest(),
        "sample": sample,
    }
    seq = custody.record(connection, by, custody.SEALED, f"case:{case_label(case_id)}", details)
    evidence.add_evidence(
        connection,
        case_id=case_id,
        kind=POST_AS_RECEIVED,
        sha256=sha256,
        content=received.decode(),
        sealed_at=utcnow(),
        log_seq=seq,
    )
