"""The append-only log: every row carries the hash of the row before, so a change is found."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.clock import utcnow
from monitor.domain import Actor, LogEntry
from monitor.storage import Connection, evidence, log
from monitor.storage.columns import canonical_json
from monitor.storage.unit_of_work import lock_sequences

GENESIS = "0" * 64
SEALED = "evidence.sealed"
REMOVED = "case.removed"
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the log or a seal does not hold."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    seals: int
    last_hash: str
    faults: tuple[Fault, ...]


def record(
    connection: Connection, actor: Actor, action: str, subject: str, details: Mapping[str, Any]
) -> int:
    """Append one row and return its number. Called late in a transaction: it queues writers."""
    lock_sequences(connection)
    last = log.find_last_entry(connection)
    entry = _chained(
        seq=last.seq + 1 if last else 1,
        at=utcnow().isoformat(),
        actor=f"{actor.name} (lewat kunci)" if actor.via_key else actor.name,
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


def verify(connection: Connection) -> Verification:
    """Walk the whole log and every seal; name each place that does not hold."""
    faults: list[Fault] = []
    entries, last_hash, sealed, removed = 0, GENESIS, {}, set()
    for entry in _iter_entries(connection):
        entries += 1
        if entry.seq != entries:
            faults.append(Fault(f"log {entry.seq}", f"baris {entries} hilang atau urutan berubah"))
            entries = entry.seq
        if entry.previous_hash != last_hash:
            faults.append(Fault(f"log {entry.seq}", "tidak bersambung dengan baris sebelumnya"))
        if entry_hash(entry) != entry.hash:
            faults.append(Fault(f"log {entry.seq}", "isi berubah setelah dicatat"))
        last_hash = entry.hash
        if entry.action == SEALED:
            sealed[entry.seq] = entry
        elif entry.action == REMOVED:
            removed.add(entry.subject)
    seals = _verify_seals(connection, sealed, removed, faults)
    return Verification(entries, seals, last_hash, tuple(faults))


def _verify_seals(
    connection: Connection,
    sealed: dict[int, LogEntry],
    removed: set[str],
    faults: list[Fault],
) -> int:
    seals = 0
    for evidence_id, case_id, sha256, content, log_seq in _iter_seals(connection):
        seals += 1
        place = f"bukti {evidence_id} (kasus {case_id})"
        if hashlib.sha256(content.encode()).hexdigest() != sha256:
            faults.append(Fault(place, "isi tidak sesuai dengan SHA-256-nya"))
        entry = sealed.pop(log_seq, None)
        if entry is None or sha256 not in entry.details:
            faults.append(Fault(place, f"log {log_seq} tidak mencatat segel ini"))
    for entry in sealed.values():
        if entry.subject not in removed:
            faults.append(Fault(entry.subject, f"bukti yang disegel di log {entry.seq} hilang"))
    return seals


def _iter_entries(connection: Connection) -> Iterator[LogEntry]:
    seq = 0
    while page := log.page_of_entries(connection, seq, _PAGE):
        yield from page
        seq = page[-1].seq


def _iter_seals(connection: Connection) -> Iterator[tuple[int, int, str, str, int]]:
    last = 0
    while page := evidence.page_of_seals(connection, last, _PAGE):
        yield from page
        last = page[-1][0]


def _chained(**fields: Any) -> LogEntry:
    unhashed = LogEntry(**fields, hash="")
    return LogEntry(**fields, hash=entry_hash(unhashed))
