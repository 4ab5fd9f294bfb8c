"""What the service speaks of, as plain values: sources, posts, cases, decisions, alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class PostState(StrEnum):
    """`pending` is shown as *belum dinilai*; a post is never silently counted as clean."""

    PENDING = "pending"
    UNFLAGGED = "unflagged"
    FLAGGED = "flagged"


class CaseStatus(StrEnum):
    NEW = "new"
    LEASED = "leased"
    NEEDS_INFO = "needs_info"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    DISMISSED = "dismissed"
    DUPLICATE = "duplicate"
    HANDED_OFF = "handed_off"
    CLOSED = "closed"


class DecisionKind(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ESCALATE = "escalate"
    DUPLICATE = "duplicate"
    NEEDS_INFO = "needs_info"


# A first opinion may be given while the case is open; afterwards only undo or approval moves it.
OPEN_STATUSES = frozenset(
    {CaseStatus.NEW, CaseStatus.LEASED, CaseStatus.NEEDS_INFO, CaseStatus.ESCALATED}
)
STATUS_AFTER = {
    DecisionKind.CONFIRM: CaseStatus.CONFIRMED,
    DecisionKind.DISMISS: CaseStatus.DISMISSED,
    DecisionKind.ESCALATE: CaseStatus.ESCALATED,
    DecisionKind.DUPLICATE: CaseStatus.DUPLICATE,
    DecisionKind.NEEDS_INFO: CaseStatus.NEEDS_INFO,
}


class Role(StrEnum):
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SERVICE = "service"


class Scope(StrEnum):
    POSTS_WRITE = "posts:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    ALERTS_READ = "alerts:read"
    ALERTS_PERSONAL = "alerts:personal"
    WEBHOOKS_WRITE = "webhooks:write"
    ADMIN = "admin"


class AlertType(StrEnum):
    CASE_OPENED = "case.opened"
    CASE_DECIDED = "case.decided"
    CASE_APPROVED = "case.approved"


class SourceState(StrEnum):
    """How a source fares; its `status` (active, paused) is what people want of it."""

    OK = "ok"
    WAITING = "waiting"
    FAILING = "failing"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Source:
    id: int
    name: str
    kind: str
    options: Mapping[str, str]
    every_seconds: int
    status: str
    sample: bool
    cursor: Mapping[str, Any]
    created_at: datetime
    due_at: datetime | None
    last_run_at: datetime | None
    last_error: str
    # A crontab of five fields in the installation's time zone; empty: every `every_seconds`.
    schedule: str = ""
    region: str = ""
    contest: str = ""
    priority: int = 0
    # Reference of the agreement under which a platform may be read; empty: none recorded.
    agreement: str = ""
    daily_quota: int = 0
    monthly_quota: int = 0
    # A canary must give something new within so many hours; 0: may be silent for any time.
    expect_hours: int = 0
    state: str = SourceState.OK
    state_detail: str = ""
    state_since: datetime | None = None
    failures: int = 0
    wait_until: datetime | None = None
    last_new_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingPost:
    """A post claimed for scoring."""

    id: int
    received: Mapping[str, Any]
    received_json: bytes
    source_id: int | None
    sample: bool
    region: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sealed object of a case; `content` is the canonical JSON that was hashed."""

    id: int
    kind: str
    sha256: str
    content: str
    sealed_at: datetime
    log_seq: int


@dataclass(frozen=True, slots=True)
class Decision:
    id: int
    case_id: int
    decision: DecisionKind
    reviewer: str
    via_key: bool
    case_version: int
    status_before: CaseStatus
    acts: tuple[str, ...] | None
    stance: str | None
    asn: str | None
    targets: tuple[str, ...] | None
    note: str
    decided_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Approval:
    id: int
    case_id: int
    approver: str
    note: str
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    id: int
    version: int
    status: CaseStatus
    risk: float | None
    priority: float
    region: str
    act: str
    sample: bool
    post: Mapping[str, Any]
    date_doubtful: bool
    prediction: Mapping[str, Any]
    collected_at: datetime
    posted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    assigned_to: str
    lease_until: datetime | None
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row of the append-only log: who did what to which subject, chained to the row before."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    details: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Alert:
    seq: int
    type: AlertType
    at: datetime
    case_id: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    role: Role
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: int
    name: str
    prefix: str
    scopes: frozenset[Scope]
    user: User
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a reviewer in the console or through a key, or the service itself."""

    name: str
    user: User | None = None
    via_key: bool = False
    scopes: frozenset[Scope] = field(default_factory=frozenset)


SYSTEM = Actor(name="netra")


def signature(name: str, *, via_key: bool) -> str:
    """How the log names who acted."""
    return f"{name} (lewat kunci)" if via_key else name


def case_label(case_id: int) -> str:
    """The name people use for a case on the phone and in letters."""
    return f"K-{case_id:06d}"


def parse_case_label(text: str) -> int | None:
    """Return the number in `K-000042` or `42`, or None when the text is neither."""
    digits = text.strip().upper().removeprefix("K-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None
