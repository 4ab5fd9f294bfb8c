"""Walks the log, every seal and every decision, and names each place that does not hold."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from monitor.domain import STATUS_AFTER, CaseStatus, DecisionKind, LogEntry, case_label
from monitor.evidence import custody
from monitor.evidence.seal import POST_AS_RECEIVED
from monitor.storage import Connection, evidence, verification
from monitor.storage.evidence import Seal

_PAGE = 1000
# A lease is not a step of the case: it runs out without a log row.
_UNDECIDED = {CaseStatus.NEW, CaseStatus.LEASED}


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the log, a seal or a decision does not hold."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    seals: int
    last_hash: str
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Told:
    """What the log says there must be."""

    seals: dict[int, LogEntry] = field(default_factory=dict)
    decisions: dict[int, dict[str, Any]] = field(default_factory=dict)
    approvals: dict[int, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[str, CaseStatus] = field(default_factory=dict)


def verify(connection: Connection) -> Verification:
    """Verify everything as of one moment: the connection must be a snapshot."""
    faults: list[Fault] = []
    told = _Told()
    entries, last_hash = 0, custody.GENESIS
    for entry in custody.iter_entries(connection):
        entries += 1
        faults += _entry_faults(entry, entries, last_hash)
        entries, last_hash = entry.seq, entry.hash
        # A row whose own hash fails must not teach what is expected.
        if custody.entry_hash(entry) == entry.hash:
            faults += _learn(told, entry)
    seals = 0
    for seal in _iter_seals(connection):
        seals += 1
        faults += _seal_faults(seal, told.seals.pop(seal.log_seq, None))
    for entry in told.seals.values():
        faults.append(Fault(entry.subject, f"bukti yang disegel di log {entry.seq} hilang"))
    faults += _decision_faults(connection, told)
    faults += _status_faults(connection, told)
    return Verification(entries, seals, last_hash, tuple(faults))


def _entry_faults(entry: LogEntry, expected: int, last_hash: str) -> Iterator[Fault]:
    place = f"log {entry.seq}"
    if entry.seq != expected:
        yield Fault(place, f"baris {expected} hilang atau urutan berubah")
    if entry.previous_hash != last_hash:
        yield Fault(place, "tidak bersambung dengan baris sebelumnya")
    if custody.entry_hash(entry) != entry.hash:
        yield Fault(place, "isi berubah setelah dicatat")


def _learn(told: _Told, entry: LogEntry) -> Iterator[Fault]:
    try:
        _note(told, entry)
    except (ValueError, TypeError, KeyError, AttributeError):
        # Written by somebody who knew how to hash it, and not by us.
        yield Fault(f"log {entry.seq}", "isi tidak berbentuk seperti yang dicatat Netra")


def _note(told: _Told, entry: LogEntry) -> None:
    """Learn what the row says there must be."""
    subject = entry.subject
    details = {"case": subject, "actor": entry.actor, **orjson.loads(entry.details)}
    if entry.action == custody.SEALED:
        told.seals[entry.seq] = entry
        told.statuses[subject] = CaseStatus.NEW
    elif entry.action == custody.DECIDED:
        told.decisions[details["decision_id"]] = details
        told.statuses[subject] = STATUS_AFTER[DecisionKind(details["decision"])]
    elif entry.action == custody.UNDONE:
        told.decisions[details["decision_id"]]["undone"] = True
        told.statuses[subject] = CaseStatus(details["status"])
    elif entry.action == custody.APPROVED:
        told.approvals[details["approval_id"]] = details
        told.statuses[subject] = CaseStatus.APPROVED
    elif entry.action == custody.REMOVED:
        _forget(told, subject, details)


def _forget(told: _Told, subject: str, details: dict[str, Any]) -> None:
    """Only the seals that the removal names may be missing; a later case has its own."""
    for seq in details.get("evidence_log", ()):
        told.seals.pop(seq, None)
    told.statuses.pop(subject, None)
    for noted in (told.decisions, told.approvals):
        for number in [n for n, told_of in noted.items() if told_of["case"] == subject]:
            del noted[number]


def _seal_faults(seal: Seal, entry: LogEntry | None) -> Iterator[Fault]:
    place = f"bukti {seal.id} (kasus {case_label(seal.case_id)})"
    if hashlib.sha256(seal.content.encode()).hexdigest() != seal.sha256:
        yield Fault(place, "isi tidak sesuai dengan SHA-256-nya")
    # What was flagged is also what the case shows; a later sighting stands for itself.
    first = seal.kind == POST_AS_RECEIVED
    if entry is not None and orjson.loads(entry.details).get("kind") != seal.kind:
        yield Fault(place, "jenis bukti berubah sejak disegel")
    if first and entry is not None and not _matches(seal, entry):
        yield Fault(place, "nilai model atau tanda contoh berubah sejak disegel")
    if first and seal.received != seal.content:
        yield Fault(place, "unggahan yang ditampilkan pada kasus berbeda dari yang disegel")
    if (
        entry is None
        or seal.sha256 not in entry.details
        or entry.subject != f"case:{case_label(seal.case_id)}"
    ):
        yield Fault(place, f"log {seal.log_seq} tidak mencatat segel ini untuk kasus ini")


def _matches(seal: Seal, entry: LogEntry) -> bool:
    details = orjson.loads(entry.details)
    prediction = hashlib.sha256(seal.prediction.encode()).hexdigest()
    return (details.get("prediction_sha256"), details.get("sample")) == (prediction, seal.sample)


def _decision_faults(connection: Connection, told: _Told) -> Iterator[Fault]:
    for kind, stored, noted in (
        ("keputusan", verification.decisions_as_logged(connection), told.decisions),
        ("persetujuan", verification.approvals_as_logged(connection), told.approvals),
    ):
        for number, content in stored.items():
            if noted.get(number) != content:
                yield Fault(f"{kind} {number} ({content['case']})", "tidak sesuai dengan catatan")
        for number in noted.keys() - stored.keys():
            yield Fault(f"{kind} {number} ({noted[number]['case']})", "hilang")


def _status_faults(connection: Connection, told: _Told) -> Iterator[Fault]:
    for subject, status in verification.statuses(connection).items():
        expected = told.statuses.get(subject)
        if status != expected and not {status, expected} <= _UNDECIDED:
            yield Fault(subject, f"status {status}, menurut catatan {expected or 'tidak ada'}")


def _iter_seals(connection: Connection) -> Iterator[Seal]:
    last = 0
    while page := evidence.page_of_seals(connection, last, _PAGE):
        yield from page
        last = page[-1].id
