"""What comes after a decision: a case the reviewer already holds, else the next free one."""

from monitor.clock import utcnow
from monitor.domain import Actor, Case, CaseStatus
from monitor.review.queues import LEASES_PER_REVIEWER, claim_next
from monitor.storage import Connection
from monitor.storage.cases import CaseFilter, list_cases

# Leases that ran out still carry the name; read past them.
_READ = 5 * LEASES_PER_REVIEWER


def list_held(connection: Connection, actor: Actor) -> list[Case]:
    """Return the cases under a running lease of `actor`, highest priority first."""
    wanted = CaseFilter(statuses=(CaseStatus.LEASED,), assigned_to=actor.name)
    now = utcnow()
    return [
        case
        for case in list_cases(connection, wanted, after=None, limit=_READ)
        if case.lease_until is not None and case.lease_until >= now
    ]


def take_next(connection: Connection, actor: Actor) -> Case | None:
    """Return the case to go on with. Held ones first: leases must not pile up behind an undo."""
    held = list_held(connection, actor)
    return held[0] if held else claim_next(connection, actor)
