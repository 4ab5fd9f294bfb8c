"""Who may do what; called first by every action."""

from monitor.domain import Actor, Case, Role, Scope, User
from monitor.errors import PermissionDenied

_REVIEWERS = frozenset({Role.ANALYST, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.SERVICE})
_READING = frozenset({Scope.CASES_READ, Scope.ALERTS_READ})
_REVIEWING = _READING | {Scope.CASES_WRITE, Scope.POSTS_WRITE}
_SCOPES_OF_ROLE: dict[Role | None, frozenset[Scope]] = {
    Role.AUDITOR: _READING,
    Role.ANALYST: _REVIEWING,
    Role.SUPERVISOR: _REVIEWING,
    Role.ADMINISTRATOR: frozenset(Scope),
}
_APPROVERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.ANALYST})


def require_scope(actor: Actor, scope: Scope) -> None:
    """A key acts within its scopes; a person signed in to the console by role."""
    if actor.via_key and scope not in actor.scopes:
        raise PermissionDenied(
            f"Kunci ini tidak punya cakupan {scope}. Minta administrator membuat kunci dengan"
            f" --scopes {scope}."
        )
    if not actor.via_key and scope not in _SCOPES_OF_ROLE.get(_role(actor), frozenset()):
        raise PermissionDenied(f"Peran Anda tidak membuka {scope}.")


def require_reviewer(actor: Actor) -> User:
    if actor.user is None or actor.user.role not in _REVIEWERS:
        raise PermissionDenied("Akun ini hanya dapat melihat, tidak dapat menangani kasus.")
    return actor.user


def require_approver(actor: Actor, case: Case) -> User:
    """The second pair of eyes: a person, never a key, and not the one who decided."""
    if actor.via_key:
        raise PermissionDenied(
            "Persetujuan hanya oleh orang yang masuk lewat konsol, tidak lewat kunci."
        )
    user = require_reviewer(actor)
    if user.role not in _APPROVERS:
        raise PermissionDenied("Peran ini tidak dapat menyetujui.")
    standing = [d for d in case.decisions if d.undone_at is None]
    if standing and standing[-1].reviewer == user.name:
        raise PermissionDenied("Anda yang memutus kasus ini; persetujuan harus dari orang lain.")
    return user


def _role(actor: Actor) -> Role | None:
    return actor.user.role if actor.user else None
