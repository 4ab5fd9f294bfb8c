"""The participatory door: what the public reports becomes an ordinary post, judged like any other.

A report is never trusted more than its evidence: the text somebody passed on never takes the
identity of the real post, says that it comes from the public, and meets the same gate.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from models.labels import Platform
from monitor.clock import utcnow
from monitor.domain import Actor, Source
from monitor.errors import InputError, NotFoundError
from monitor.evidence import custody
from monitor.pipeline import report_marks, sources
from monitor.pipeline.ingest import ingest
from monitor.pipeline.report_limits import Sender, check_limits
from monitor.pipeline.report_rules import CheckedReport
from monitor.storage import Connection, public_reports, report_removal
from monitor.storage.public_reports import PublicReport, ReportStatus
from monitor.storage.sources import find_source
from monitor.storage.unit_of_work import lock_sequences

SOURCE_NAME = "lapor"
KIND = "public"
# Where a post says that it came through this door.
MARK = "from_public"
PUBLIC = Actor(name="masyarakat")
RECEIVED_STEP = "report.received"
FETCHED_STEP = "report.fetched"

CONTACT_KEPT = timedelta(days=30)
CONTACT_KEPT_AT_MOST = timedelta(days=180)
SENDER_KEPT = timedelta(days=30)
REFUSED_KEPT = timedelta(days=30)


def submit(
    connection: Connection, report: CheckedReport, *, sender: Sender, nonce: str, key: bytes
) -> PublicReport:
    """Take a report in, within the caller's transaction; the same form sent twice is one report."""
    ticket, known = _ticket(connection, report, sender, nonce, key)
    if known:
        return known
    now = utcnow()
    marks = report_marks.sender_marks(key, sender.name, now)
    check_limits(connection, sender, marks, now)
    post_id = _post_of(connection, report, key)
    waits = post_id is None and not report.text
    report_id = public_reports.add_report(
        connection,
        {
            "ticket": ticket,
            "status": ReportStatus.NEEDS_FETCH if waits else ReportStatus.RECEIVED,
            "link": report.link.url if report.link else "",
            "text": report.text,
            "seen": report.seen,
            "seen_at": report.seen_at,
            "contact": report.contact,
            "region": report.region,
            "sender": marks[0],
            "about": report_marks.about_mark(key, report.link, report.text),
            "post_id": post_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    # Nothing of what was said, and nothing of who said it: the log is never emptied.
    details = {"link": report.link is not None, "text": bool(report.text)}
    record_step(connection, PUBLIC, RECEIVED_STEP, report_id, details)
    return get_report(connection, ticket)


def get_report(connection: Connection, ticket: str) -> PublicReport:
    return found(public_reports.find_report(connection, ticket))


def found(report: PublicReport | None) -> PublicReport:
    if report is None:
        raise NotFoundError("Laporan dengan nomor itu tidak ada. Periksa nomor tiketnya.")
    return report


def store_fetched(
    connection: Connection, report: PublicReport, post: Mapping[str, Any], *, key: bytes, by: Actor
) -> None:
    """Take in what stands at a reported address, for every report that waits for it."""
    item = {**post, MARK: True}
    if report.region and not item.get("region"):
        item["region"] = report.region
    outcome = ingest(connection, [item], key=key, source_id=lapor_source(connection).id)
    if outcome.refused:
        refused = outcome.items[0]
        raise InputError(f"{refused.field}: {refused.reason}".removeprefix(": "))
    now = utcnow()
    post_id = public_reports.find_post_id(connection, (str(item["platform"]), item["id"]))
    settled = public_reports.settle_waiting(connection, report.about, post_id, now)
    public_reports.change_report(connection, report.id, {"post_id": post_id, "updated_at": now})
    for report_id in sorted({report.id, *settled}):
        # Whether it passed the gate stays out of the log: of most posts nothing at all is kept.
        record_step(connection, by, FETCHED_STEP, report_id, {})


def lapor_source(connection: Connection) -> Source:
    """Return the source all reports belong to; it is added with the first of them."""
    source = find_source(connection, SOURCE_NAME)
    if source is None:
        # Of two first reports at once only one may add it; the log's lock is needed anyway.
        lock_sequences(connection)
        source = find_source(connection, SOURCE_NAME)
    return source or sources.add_source(connection, SOURCE_NAME, KIND)


def remove_expired(connection: Connection) -> int:
    """Remove what may no longer be kept of reports; return how many contacts went."""
    now = utcnow()
    report_removal.forget_senders(connection, now - SENDER_KEPT)
    report_removal.forget_contents(connection, now - REFUSED_KEPT)
    return report_removal.forget_contacts(
        connection, closed_before=now - CONTACT_KEPT, any_before=now - CONTACT_KEPT_AT_MOST
    )


def record_step(
    connection: Connection, actor: Actor, action: str, report_id: int, details: Mapping[str, Any]
) -> None:
    subject = public_reports.subject_of(report_id)
    custody.record(connection, actor, action, subject, details)


def passed_on_id(key: bytes, link_key: str, text: str) -> str:
    """Return the id of a text as somebody passed it on.

    Not that of the real post: whoever passes on a false text first must not keep the true one
    out, nor may two different texts said to stand at one address become one.
    """
    return f"{SOURCE_NAME}:{report_marks.text_mark(key, link_key, text)[:32]}"


def _post_of(connection: Connection, report: CheckedReport, key: bytes) -> int | None:
    """Return the post a report is about: one already collected, else the text passed on."""
    link = report.link
    if link and link.id:
        known = public_reports.find_post_id(connection, (str(link.platform), link.id))
        if known is not None:
            return known
    if not report.text:
        return None
    item: dict[str, Any] = {
        "id": passed_on_id(key, link.key if link else "", report.text),
        "platform": str(link.platform if link else Platform.OTHER),
        "text": report.text,
        MARK: True,
    }
    if link:
        item["url"] = link.url
    if report.region:
        item["region"] = report.region
    ingest(connection, [item], key=key, source_id=lapor_source(connection).id)
    return public_reports.find_post_id(connection, (item["platform"], item["id"]))


def _ticket(
    connection: Connection, report: CheckedReport, sender: Sender, nonce: str, key: bytes
) -> tuple[str, PublicReport | None]:
    """Return a free ticket, or the report that this very form has become already."""
    content = report_marks.content_digest(
        report.link.url if report.link else "",
        report.text,
        report.seen,
        report.seen_at.isoformat() if report.seen_at else "",
        report.region,
        report.contact,
    )
    number = 0
    while True:
        ticket = report_marks.make_ticket(key, sender.name, nonce, content, str(number))
        known = public_reports.find_report(connection, ticket)
        if known is None or (known.seen, known.text) == (report.seen, report.text):
            return ticket, known
        # Eight letters may meet by chance: nobody must be given the ticket of somebody else.
        number += 1
