"""The append-only log: every row carries the hash of the row before, so a change is found."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.clock import utcnow
from monitor.domain import Actor, LogEntry, signature
from monitor.storage import Connection, log
from monitor.storage.columns import canonical_json
from monitor.storage.unit_of_work import lock_sequences

GENESIS = "0" * 64
SEALED = "evidence.sealed"
REMOVED = "case.removed"
DECIDED = "case.decided"
UNDONE = "decision.undone"
APPROVED = "case.approved"
_PAGE = 1000


def record(
    connection: Connection, actor: Actor, action: str, subject: str, details: Mapping[str, Any]
) -> int:
    """Append one row and return its number. Called late in a transaction: it queues writers."""
    lock_sequences(connection)
    last = log.find_last_entry(connection)
    entry = _chained(
        seq=last.seq + 1 if last else 1,
        at=utcnow().isoformat(),
        actor=signature(actor.name, via_key=actor.via_key),
        action=action,
        subject=subject,
        details=canonical_json(dict(details)).decode(),
        previous_hash=last.hash if last else GENESIS,
    )
    log.add_entry(connection, entry)
    return entry.seq


def entry_hash(entry: LogEntry) -> str:
    """SHA-256 over the canonical JSON of every field but the hash itself."""
    fields = {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }
    return hashlib.sha256(canonical_json(fields)).hexdigest()


def iter_entries(connection: Connection) -> Iterator[LogEntry]:
    seq = 0
    while page := log.page_of_entries(connection, seq, _PAGE):
        yield from page
        seq = page[-1].seq


def _chained(**fields: Any) -> LogEntry:
    unhashed = LogEntry(**fields, hash="")
    return LogEntry(**fields, hash=entry_hash(unhashed))
