"""First opinions: decide, undo within ten seconds, and the log entry that goes with each."""

from collections.abc import Collection
from dataclasses import dataclass

from monitor.alerts import outbox
from monitor.clock import utcnow
from monitor.domain import (
    OPEN_STATUSES,
    STATUS_AFTER,
    Actor,
    AlertType,
    Case,
    CaseStatus,
    Decision,
    DecisionKind,
    case_label,
)
from monitor.errors import (
    ConflictError,
    InputError,
    LeaseConflict,
    NotFoundError,
    PermissionDenied,
    UndoExpired,
    VersionConflict,
)
from monitor.evidence import custody
from monitor.review.policies import require_approver, require_reviewer
from monitor.review.queues import get_case, held_by_other
from monitor.storage import Connection, alerts, approvals, cases, decisions
from monitor.storage.unit_of_work import lock_sequences

NOTE_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says of a case; None leaves the model's suggestion as it is."""

    decision: DecisionKind
    version: int
    acts: Collection[str] | None = None
    stance: str | None = None
    asn: str | None = None
    targets: Collection[str] | None = None
    note: str = ""


def decide(connection: Connection, actor: Actor, case_id: int, opinion: Opinion) -> Decision:
    """Record the opinion if nobody was first; the case, the log and the alert change together."""
    user = require_reviewer(actor)
    _check(opinion)
    case = get_case(connection, case_id)
    _require_decidable(case, user.name, opinion)
    now = utcnow()
    status = STATUS_AFTER[opinion.decision]
    values = {"status": status, "assigned_to": user.id, "lease_until": None, "updated_at": now}
    if opinion.acts:
        values["act"] = next(iter(opinion.acts))
    if not cases.change_case(connection, case_id, opinion.version, values):
        raise _version_conflict(get_case(connection, case_id), opinion)
    decision_id = decisions.add_decision(
        connection,
        {
            "case_id": case_id,
            "decision": opinion.decision,
            "reviewer_id": user.id,
            "via_key": actor.via_key,
            "case_version": opinion.version,
            # An undone decision gives the case back to the queue, not to a lease long over.
            "status_before": CaseStatus.NEW if case.status is CaseStatus.LEASED else case.status,
            "acts": None if opinion.acts is None else list(opinion.acts),
            "stance": opinion.stance,
            "asn": opinion.asn,
            "targets": None if opinion.targets is None else list(opinion.targets),
            "note": opinion.note,
            "decided_at": now,
        },
    )
    outbox.enqueue(
        connection,
        AlertType.CASE_DECIDED,
        get_case(connection, case_id),
        decision_id=decision_id,
        extra={"decision": opinion.decision},
        delay=outbox.UNDO_WINDOW,
    )
    details = {
        "decision_id": decision_id,
        "decision": opinion.decision,
        "version": opinion.version,
        "acts": None if opinion.acts is None else list(opinion.acts),
        "stance": opinion.stance,
        "asn": opinion.asn,
        "targets": None if opinion.targets is None else list(opinion.targets),
        "note": opinion.note,
    }
    custody.record(connection, actor, custody.DECIDED, f"case:{case_label(case_id)}", details)
    return _get_decision(connection, case_id, decision_id)


def undo(connection: Connection, actor: Actor, case_id: int, decision_id: int) -> Case:
    """Take a decision back within the window; it stays in the history as undone."""
    user = require_reviewer(actor)
    # First of all, as the publisher does: then it is either done with this alert or waits for us.
    lock_sequences(connection)
    case = get_case(connection, case_id)
    decision = _get_decision(connection, case_id, decision_id)
    if decision.reviewer != user.name:
        raise PermissionDenied("Hanya yang memutus dapat membatalkan keputusannya.")
    if decision.undone_at is not None:
        raise ConflictError("Keputusan ini sudah dibatalkan.")
    standing = [d for d in case.decisions if d.undone_at is None]
    if case.approvals or standing[-1].id != decision_id:
        raise ConflictError("Sudah ada langkah sesudah keputusan ini; tidak dapat dibatalkan.")
    now = utcnow()
    published = alerts.is_published(connection, decision_id)
    if published or now - decision.decided_at > outbox.UNDO_WINDOW:
        raise UndoExpired(
            "Pembatalan hanya dalam 10 detik. Catat keberatan pada kasus lewat penyelia."
        )
    decisions.mark_undone(connection, decision_id, now)
    alerts.cancel_alerts_of_decision(connection, decision_id)
    values = {
        "status": decision.status_before,
        "assigned_to": None,
        "lease_until": None,
        "updated_at": now,
        "act": _first_act(case),
    }
    if not cases.change_case(connection, case_id, case.version, values):
        raise VersionConflict("Kasus baru saja berubah; muat ulang.", current_version=case.version)
    details = {"decision_id": decision_id, "status": decision.status_before}
    custody.record(connection, actor, custody.UNDONE, f"case:{case_label(case_id)}", details)
    return get_case(connection, case_id)


def approve(connection: Connection, actor: Actor, case_id: int, *, version: int, note: str) -> Case:
    """The second person agrees; from here on a hand-off may name the author."""
    case = get_case(connection, case_id)
    user = require_approver(actor, case)
    _check_note(note)
    if case.status is not CaseStatus.CONFIRMED:
        raise ConflictError(
            "Hanya kasus yang sudah dikonfirmasi yang dapat disetujui.", case_status=case.status
        )
    now = utcnow()
    values = {"status": CaseStatus.APPROVED, "updated_at": now}
    if not cases.change_case(connection, case_id, version, values):
        raise VersionConflict(
            "Kasus berubah sejak Anda membukanya; baca lagi sebelum menyetujui.",
            current_version=case.version,
            your_version=version,
        )
    approval_id = approvals.add_approval(
        connection, case_id=case_id, approver_id=user.id, note=note, at=now
    )
    approved = get_case(connection, case_id)
    custody.record(
        connection,
        actor,
        custody.APPROVED,
        f"case:{case_label(case_id)}",
        {"approval_id": approval_id, "note": note},
    )
    # Approved, the decision can no longer be undone: its alert need not wait, and goes first.
    alerts.make_due(connection, case_id, now)
    outbox.enqueue(connection, AlertType.CASE_APPROVED, approved)
    outbox.publish_due(connection)
    return approved


def _check(opinion: Opinion) -> None:
    if opinion.decision is DecisionKind.DISMISS and not opinion.note.strip():
        raise InputError("Menolak dugaan perlu alasan singkat pada catatan.", field="note")
    _check_note(opinion.note)


def _check_note(note: str) -> None:
    if len(note) > NOTE_LIMIT or "\x00" in note:
        raise InputError(f"Catatan paling banyak {NOTE_LIMIT} karakter, tanpa NUL.", field="note")


def _require_decidable(case: Case, name: str, opinion: Opinion) -> None:
    if case.version != opinion.version:
        raise _version_conflict(case, opinion)
    if held_by_other(case, name):
        raise LeaseConflict(
            f"Kasus sedang dipegang {case.assigned_to}; ambil kasus lain.",
            assigned_to=case.assigned_to,
            lease_until=case.lease_until,
        )
    if case.status not in OPEN_STATUSES:
        raise _version_conflict(case, opinion)


def _version_conflict(case: Case, opinion: Opinion) -> VersionConflict:
    """Show both: what stands now, and what was about to be said."""
    last = next((d for d in reversed(case.decisions) if d.undone_at is None), None)
    return VersionConflict(
        "Orang lain lebih dahulu. Baca keputusannya, lalu putuskan lagi bila masih perlu.",
        current={
            "version": case.version,
            "status": case.status,
            "decision": last.decision if last else None,
            "reviewer": last.reviewer if last else None,
            "note": last.note if last else None,
        },
        yours={
            "version": opinion.version,
            "decision": opinion.decision,
            "note": opinion.note,
        },
    )


def _get_decision(connection: Connection, case_id: int, decision_id: int) -> Decision:
    decision = decisions.find_decision(connection, case_id, decision_id)
    if decision is None:
        raise NotFoundError("Keputusan itu tidak ada pada kasus ini.")
    return decision


def _first_act(case: Case) -> str:
    acts = case.prediction.get("acts") or []
    return str(acts[0]["act"]) if acts else case.act
