"""What a ticket tells whoever holds it, for the page and for v1 alike."""

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import case_label
from monitor.pipeline.report_desk import STATUS_STEP, Reason
from monitor.storage import Connection
from monitor.storage.public_reports import PublicReport, ReportStatus, list_steps

STATUS_TEXTS = {
    ReportStatus.RECEIVED: "diterima",
    ReportStatus.NEEDS_FETCH: "diterima, isi tautannya belum dibaca",
    ReportStatus.LOOKING: "sedang diperiksa",
    ReportStatus.CASE: "menjadi kasus",
    ReportStatus.REFUSED: "tidak diproses",
}
REASONS = {
    Reason.NOT_PUBLIC: "tautannya tidak dapat dibuka, atau bukan unggahan publik",
    Reason.NOT_ASN: "penulisnya tidak tampak sebagai ASN",
    Reason.NOT_PARTISAN: "isinya tidak tampak memihak peserta pemilu",
    Reason.NO_EVIDENCE: "belum ada bukti yang dapat diperiksa",
    Reason.DUPLICATE: "sudah ditangani dari laporan lain",
    Reason.OUTSIDE: "di luar wewenang pengawas pemilu",
    Reason.SPAM: "bukan laporan",
}


@dataclass(frozen=True, slots=True)
class Progress:
    status: ReportStatus
    text: str
    reason: str
    case: str
    # When somebody last said something of it: that a machine read the address is no step.
    changed_at: datetime


def progress_of(connection: Connection, report: PublicReport) -> Progress:
    steps = [step for step in list_steps(connection, report.id) if step.action == STATUS_STEP]
    last = steps[-1] if steps else None
    reason = str(last.details.get("reason", "")) if last else ""
    is_case = report.status is ReportStatus.CASE
    # Only what a person has said: that a case exists would tell what a model thinks of a post.
    case = str(last.details.get("case", "")) if last and is_case else ""
    return Progress(
        status=report.status,
        text=STATUS_TEXTS[report.status],
        reason=REASONS.get(Reason(reason), "") if reason in set(Reason) else "",
        case=case or (case_label(report.case_id) if is_case and report.case_id else ""),
        changed_at=last.at if last else report.created_at,
    )
