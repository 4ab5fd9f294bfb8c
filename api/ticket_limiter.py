"""Slows down guessing of tickets: after some that do not exist, an address has to wait."""

import threading
from datetime import datetime, timedelta

from fastapi import Request

from monitor.clock import utcnow
from monitor.errors import NotFoundError, TooManyAttempts
from monitor.pipeline.report_marks import parse_ticket
from monitor.storage import Connection
from monitor.storage.public_reports import PublicReport, find_report

MISSES = 20
WAIT = timedelta(minutes=5)
# Made-up addresses must not fill the memory.
_REMEMBERED = 10_000


class TicketLimiter:
    """Remembers misses of one process; with 40 bits to guess, that is enough."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._misses: dict[str, list[datetime]] = {}

    def check(self, address: str) -> None:
        with self._lock:
            if len(self._recent(address)) >= MISSES:
                raise TooManyAttempts(
                    "Terlalu banyak nomor tiket yang tidak ada. Tunggu lima menit, lalu coba lagi."
                )

    def record_miss(self, address: str) -> None:
        with self._lock:
            if len(self._misses) >= _REMEMBERED:
                self._misses = {a: self._recent(a) for a in self._misses if self._recent(a)}
            self._misses[address] = [*self._recent(address), utcnow()][-MISSES:]

    def _recent(self, address: str) -> list[datetime]:
        since = utcnow() - WAIT
        return [moment for moment in self._misses.get(address, []) if moment > since]


def guarded_ticket(
    request: Request, connection: Connection, typed: str, address: str
) -> PublicReport:
    """Return the report of a ticket; raise NotFoundError, or TooManyAttempts to who guesses."""
    limiter: TicketLimiter | None = getattr(request.app.state, "ticket_limiter", None)
    if limiter is None:
        limiter = request.app.state.ticket_limiter = TicketLimiter()
    limiter.check(address)
    ticket = parse_ticket(typed)
    report = find_report(connection, ticket) if ticket else None
    if report is None:
        limiter.record_miss(address)
        raise NotFoundError("Nomor tiket itu tidak ada. Periksa huruf dan angkanya satu per satu.")
    return report
