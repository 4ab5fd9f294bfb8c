"""Times, ages and numbers the way an Indonesian reader writes them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.clock import utcnow

_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
)  # fmt: skip


def percent(value: float | None) -> str:
    """Never rounds to certainty: a score is an estimate, so 100% and 0% are not shown."""
    return "-" if value is None else f"{min(max(round(value * 100), 1), 99)}%"


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def moment(value: datetime, zone: str) -> str:
    """`5 Nov 2024, 14.30 WIB`"""
    local = _local(value, zone)
    day = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local:%H.%M} {local.tzname()}"


def clock(value: datetime, zone: str) -> str:
    """`14.30 WIB`"""
    local = _local(value, zone)
    return f"{local:%H.%M} {local.tzname()}"


def age(value: datetime) -> str:
    """How long ago, in the largest unit that says enough."""
    passed = utcnow() - value
    if passed < timedelta(minutes=1):
        return "sesaat"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} menit"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} jam"
    return f"{passed.days} hari"


def _local(value: datetime, zone: str) -> datetime:
    try:
        return value.astimezone(ZoneInfo(zone))
    except OverflowError:
        # A post may carry a date at the edge of year 1 or 9999: shown as it is, in UTC.
        return value
