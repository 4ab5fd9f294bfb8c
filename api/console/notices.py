"""What a page says about the step before it. Carried in the address, so it needs no store."""

from dataclasses import dataclass

from api.console import wording
from monitor.alerts.outbox import UNDO_WINDOW
from monitor.clock import utcnow
from monitor.domain import Actor, Decision, case_label, parse_case_label
from monitor.storage import Connection, decisions

SIGNED_OUT = "keluar"
UNDONE = "dibatalkan"
RELEASED = "dilepas"
RENEWED = "diperpanjang"
APPROVED = "disetujui"
NONE_LEFT = "habis"
LAST = "terakhir"
FIRST = "pertama"
REPORT_CHANGED = "laporan-diubah"
REPORT_ENTERED = "laporan-terisi"

_TEXTS = {
    SIGNED_OUT: "Anda sudah keluar.",
    UNDONE: "Keputusan dibatalkan; kasus ini kembali ke antrean dan dapat diputus lagi.",
    RELEASED: "Kasus dilepas dan kembali ke antrean.",
    RENEWED: "Waktu pegangan diperpanjang.",
    APPROVED: "Persetujuan tercatat.",
    NONE_LEFT: "Tidak ada kasus baru yang menunggu.",
    LAST: "Ini kasus terakhir di antrean.",
    FIRST: "Ini kasus pertama di antrean.",
    REPORT_CHANGED: "Status laporan tercatat; pelapor melihatnya di halaman tiketnya.",
    REPORT_ENTERED: "Isi tautan tercatat dan melewati penyaring yang sama seperti unggahan lain.",
}


@dataclass(frozen=True, slots=True)
class Undo:
    """A decision that can still be taken back, and for how long."""

    case_id: int
    decision_id: int
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    undo: Undo | None = None


def plain(code: str) -> Notice | None:
    return Notice(_TEXTS[code]) if code in _TEXTS else None


def decision_query(decision: Decision) -> str:
    return f"putusan={case_label(decision.case_id)}.{decision.id}"


def of_step_before(
    connection: Connection, actor: Actor, *, message: str, decided: str
) -> Notice | None:
    """Return the notice the address asks for; only one's own decisions can be asked about."""
    label, _, digits = decided.partition(".")
    case_id = parse_case_label(label)
    if case_id is None or not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return plain(message)
    decision = decisions.find_decision(connection, case_id, int(digits))
    if decision is None or decision.reviewer != actor.name:
        return plain(message)
    if decision.undone_at is not None:
        return Notice(f"Keputusan atas {case_label(case_id)} sudah dibatalkan.")
    left = decision.decided_at + UNDO_WINDOW - utcnow()
    text = f"{case_label(case_id)}: {wording.named(wording.DECISIONS, decision.decision)}."
    if message in _TEXTS:
        text = f"{text} {_TEXTS[message]}"
    seconds = int(left.total_seconds())
    return Notice(text, Undo(case_id, decision.id, seconds) if seconds > 0 else None)
