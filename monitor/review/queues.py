"""Which case next: handed out by priority under a lease that runs out by itself."""

from datetime import timedelta

from monitor.clock import utcnow
from monitor.domain import Actor, Case, CaseStatus, case_label
from monitor.errors import LeaseConflict, NotFoundError, TooManyLeases, VersionConflict
from monitor.review.policies import require_reviewer
from monitor.storage import Connection, cases, users

LEASE = timedelta(minutes=15)
LEASES_PER_REVIEWER = 10
# A lost race for one case is no reason to come back empty-handed; the next one is tried.
_TRIES = 5


def get_case(connection: Connection, case_id: int) -> Case:
    case = cases.find_case(connection, case_id)
    if case is None:
        raise NotFoundError(f"Kasus {case_label(case_id)} tidak ada.")
    return case


def claim_next(connection: Connection, actor: Actor) -> Case | None:
    """Lease the free case of the highest priority to `actor`, or return None when none is left."""
    user = require_reviewer(actor)
    now = utcnow()
    # Else several claims at once would each see one lease too few.
    users.lock_user(connection, user.id)
    if cases.count_leases(connection, user.id, now) >= LEASES_PER_REVIEWER:
        raise TooManyLeases(
            f"Anda sudah memegang {LEASES_PER_REVIEWER} kasus. Putuskan atau lepaskan dahulu"
            " salah satunya."
        )
    lost: list[int] = []
    for _ in range(_TRIES):
        case_id = cases.find_next_free(connection, now, lost)
        if case_id is None:
            return None
        case = get_case(connection, case_id)
        values = {
            "status": CaseStatus.LEASED,
            "assigned_to": user.id,
            "lease_until": now + LEASE,
            "updated_at": now,
        }
        if cases.change_case(connection, case_id, case.version, values):
            return get_case(connection, case_id)
        lost.append(case_id)
    return None


def renew_lease(connection: Connection, actor: Actor, case_id: int) -> Case:
    user = require_reviewer(actor)
    case = get_case(connection, case_id)
    _require_held(case, user.name)
    if not cases.set_lease(connection, case_id, case.version, user.id, utcnow() + LEASE):
        raise VersionConflict("Kasus baru saja berubah; muat ulang.", current_version=case.version)
    return get_case(connection, case_id)


def release_lease(connection: Connection, actor: Actor, case_id: int) -> Case:
    user = require_reviewer(actor)
    case = get_case(connection, case_id)
    _require_held(case, user.name)
    values = {
        "status": CaseStatus.NEW,
        "assigned_to": None,
        "lease_until": None,
        "updated_at": utcnow(),
    }
    if not cases.change_case(connection, case_id, case.version, values):
        raise VersionConflict("Kasus baru saja berubah; muat ulang.", current_version=case.version)
    return get_case(connection, case_id)


def held_by_other(case: Case, name: str) -> bool:
    return (
        case.status is CaseStatus.LEASED
        and case.assigned_to != name
        and case.lease_until is not None
        and case.lease_until >= utcnow()
    )


def _require_held(case: Case, name: str) -> None:
    if case.status is not CaseStatus.LEASED or case.assigned_to != name:
        raise LeaseConflict("Kasus ini tidak sedang Anda pegang.", case_status=case.status)
    if case.lease_until is None or case.lease_until < utcnow():
        raise LeaseConflict("Waktu pegangan sudah habis; ambil kasus lagi dari antrean.")
