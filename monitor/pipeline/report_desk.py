"""What the desk does with a report: looks at it, follows it up or says why not. All is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.clock import utcnow
from monitor.domain import Actor, Role, case_label, parse_case_label
from monitor.errors import InputError, PermissionDenied
from monitor.pipeline.public_reports import (
    found,
    get_report,
    passed_on_id,
    record_step,
    store_fetched,
)
from monitor.reference.post_links import read_link
from monitor.review.policies import require_reviewer
from monitor.storage import Connection, public_reports
from monitor.storage.public_reports import PublicReport, ReportStatus

STATUS_STEP = "report.status"
CONTACT_STEP = "report.contact_shown"
_CONTACT_ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class Reason(StrEnum):
    """Why a report is not followed up. A fixed list: it is shown in public and never deleted."""

    NOT_PUBLIC = "not_public"
    NOT_ASN = "not_asn"
    NOT_PARTISAN = "not_partisan"
    NO_EVIDENCE = "no_evidence"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post as a person of the desk read it at the address that was reported."""

    text: str
    handle: str = ""
    name: str = ""
    bio: str = ""
    location: str = ""

    def author(self) -> dict[str, str]:
        parts = {
            "handle": self.handle.removeprefix("@"),
            "name": self.name,
            "bio": self.bio,
            "location": self.location,
        }
        return {name: text for name, text in parts.items() if text}


def take_up(connection: Connection, actor: Actor, ticket: str) -> PublicReport:
    """Say that somebody is looking at the report."""
    return _set_status(connection, actor, ticket, ReportStatus.LOOKING, {})


def refuse(connection: Connection, actor: Actor, ticket: str, reason: Reason) -> PublicReport:
    return _set_status(connection, actor, ticket, ReportStatus.REFUSED, {"reason": reason})


def became_case(connection: Connection, actor: Actor, ticket: str, label: str = "") -> PublicReport:
    """Say that a case came of the report: the one of its own post, or the one `label` names."""
    require_reviewer(actor)
    report = found(public_reports.lock_report(connection, ticket))
    case_id = parse_case_label(label) if label.strip() else report.case_id
    post_id = None if case_id is None else public_reports.find_post_of_case(connection, case_id)
    if case_id is None or post_id is None:
        raise InputError("Tulis nomor kasus yang ada, misalnya K-000042.")
    public_reports.change_report(connection, report.id, {"post_id": post_id})
    details = {"case": case_label(case_id)}
    return _set_status(connection, actor, ticket, ReportStatus.CASE, details)


def enter_post(
    connection: Connection, actor: Actor, ticket: str, seen: SeenPost, *, key: bytes
) -> PublicReport:
    """Put in what a person of the desk read at the reported address; the gate decides as always."""
    user = require_reviewer(actor)
    report = found(public_reports.lock_report(connection, ticket))
    link = read_link(report.link) if report.link else None
    if link is None:
        raise InputError("Laporan ini tidak memuat tautan; isinya sudah dari pelapor.")
    post: dict[str, Any] = {
        "id": passed_on_id(key, link.key, seen.text),
        "platform": str(link.platform),
        "text": seen.text,
        "url": link.url,
        "entered_by": user.name,
    }
    if author := seen.author():
        post["author"] = author
    store_fetched(connection, report, post, key=key, by=actor)
    return get_report(connection, ticket)


def may_see_contact(actor: Actor) -> bool:
    return not actor.via_key and actor.user is not None and actor.user.role in _CONTACT_ROLES


def show_contact(connection: Connection, actor: Actor, ticket: str) -> PublicReport:
    """Return the report with its contact to somebody who may see it; the log keeps who did."""
    if not may_see_contact(actor):
        raise PermissionDenied("Kontak pelapor hanya dapat dibuka penyelia atau administrator.")
    report = get_report(connection, ticket)
    record_step(connection, actor, CONTACT_STEP, report.id, {})
    return report


def _set_status(
    connection: Connection,
    actor: Actor,
    ticket: str,
    status: ReportStatus,
    details: Mapping[str, Any],
) -> PublicReport:
    require_reviewer(actor)
    report = found(public_reports.lock_report(connection, ticket))
    if report.status == status and not details:
        return report
    values = {"status": status, "updated_at": utcnow()}
    public_reports.change_report(connection, report.id, values)
    told = {"before": report.status, "after": status, **details}
    record_step(connection, actor, STATUS_STEP, report.id, told)
    return get_report(connection, ticket)
