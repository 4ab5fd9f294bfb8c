"""What a source may take of its platform in a day and a month (UTC), counted in the ledger."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain import Source
from monitor.errors import ShareSpent
from monitor.storage import Connection, coverage


@dataclass(frozen=True, slots=True)
class QuotaUse:
    day: int
    month: int


def quota_use(connection: Connection, source: Source, now: datetime) -> QuotaUse:
    return QuotaUse(
        day=coverage.sum_cost(connection, source.id, _day(now)),
        month=coverage.sum_cost(connection, source.id, _month(now)),
    )


def find_spent(connection: Connection, source: Source, now: datetime) -> ShareSpent | None:
    """Return until when the source has to wait because its share is used up, None if it is not."""
    if not source.daily_quota and not source.monthly_quota:
        return None
    used = quota_use(connection, source, now)
    if source.monthly_quota and used.month >= source.monthly_quota:
        until = _month(_month(now) + timedelta(days=32))
        return ShareSpent(
            f"Kuota bulanan {source.monthly_quota} sudah terpakai; jalan lagi {until:%Y-%m-%d}"
            " pukul 00.00 UTC.",
            until=until,
        )
    if source.daily_quota and used.day >= source.daily_quota:
        until = _day(now) + timedelta(days=1)
        return ShareSpent(
            f"Kuota harian {source.daily_quota} sudah terpakai; jalan lagi {until:%Y-%m-%d}"
            " pukul 00.00 UTC.",
            until=until,
        )
    return None


def _day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _month(now: datetime) -> datetime:
    return _day(now).replace(day=1)
