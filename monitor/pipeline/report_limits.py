"""How many reports may come in: by sender and altogether, counted in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import ReportsLimited
from monitor.storage import Connection
from monitor.storage.report_counts import count_since

Limits = tuple[tuple[timedelta, int], ...]
_SHORT, _DAY = timedelta(minutes=10), timedelta(hours=24)
# Houses, offices and mobile networks share one address; more than this is a machine or a campaign.
SENDER_LIMITS: Limits = ((_SHORT, 5), (_DAY, 20))
# A partner's key stands for all who use its service.
PARTNER_LIMITS: Limits = ((_SHORT, 200), (_DAY, 2000))
# What the people behind the desk could still read; a flood must not fill the disk.
OVERALL_LIMITS: Limits = ((_SHORT, 600), (_DAY, 5000))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: an address, or a partner's key."""

    name: str
    partner: bool = False


def check_limits(
    connection: Connection, sender: Sender, marks: tuple[str, str], now: datetime
) -> None:
    """Raise `ReportsLimited` where one more would be too many."""
    for span, most in PARTNER_LIMITS if sender.partner else SENDER_LIMITS:
        if count_since(connection, now - span, marks) >= most:
            raise ReportsLimited(
                "Dari sambungan Anda sudah banyak laporan masuk. Simpan isian Anda, lalu kirim"
                f" lagi {_later(span)}.",
                span,
            )
    for span, most in OVERALL_LIMITS:
        if count_since(connection, now - span) >= most:
            raise ReportsLimited(
                "Laporan yang masuk sedang sangat banyak. Simpan isian Anda, lalu kirim lagi"
                f" {_later(span)}.",
                span,
            )


def _later(span: timedelta) -> str:
    return "besok" if span >= _DAY else f"{span // timedelta(minutes=1)} menit lagi"
