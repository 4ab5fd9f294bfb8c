"""`netra stats funnel|coverage`: counts without the sample source, and what was watched."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Any

import click

from monitor.cli.console import open_installation, print_json
from monitor.clock import utcnow
from monitor.errors import InputError
from monitor.pipeline import coverage
from monitor.pipeline.coverage import Gap, SourceCoverage
from monitor.storage.counts import sum_counts

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STATUSES = {"active": "aktif", "paused": "dijeda", "removed": "sudah dihapus"}
_STATES = {
    "ok": "baik",
    "waiting": "menunggu",
    "failing": "gagal",
    "needs_person": "perlu ditangani orang",
}


@click.group("stats")
def command() -> None:
    """Angka ringkas."""


@command.command("funnel")
def funnel() -> None:
    """Dari yang diterima sampai yang ditandai, dan seberapa lengkap pemantauannya."""
    runtime = open_installation()
    with runtime.database.snapshot() as connection:
        counts: dict[str, Any] = dict(sum_counts(connection))
        watched = coverage.summary(connection, utcnow(), runtime.zone)
    print_json(counts if watched is None else {**counts, "coverage": watched})


@command.command("coverage")
@click.option("--since", default="24h", metavar="24h", help="Kurun: 90m, 24h, 30d.")
@click.option("--json", "as_json", is_flag=True, help="Satu objek JSON per sumber.")
def coverage_command(since: str, as_json: bool) -> None:
    """Seberapa lengkap tiap sumber dipantau: jam, unggahan, kegagalan, dan celah."""
    now = utcnow()
    start = now - _period(since)
    runtime = open_installation()
    with runtime.database.snapshot() as connection:
        found = coverage.report(connection, start, now, runtime.zone)
    for item in found:
        if as_json:
            print_json(_shown(item))
        else:
            click.echo(_told(item, runtime.zone))
    if not found:
        click.echo("Belum ada sumber nyata yang dipantau.", err=True)


def _shown(item: SourceCoverage) -> dict[str, Any]:
    return {
        "source": item.source,
        "status": item.status,
        "state": item.state,
        "hours_watched": item.hours_watched,
        **{name: n for name, n in item.numbers.items() if name != "gap_seconds"},
        "gap_hours": item.gap_hours,
        "gaps": [{"from": gap.start, "to": gap.end, "seconds": gap.seconds} for gap in item.gaps],
    }


def _told(item: SourceCoverage, zone: tzinfo) -> str:
    numbers = item.numbers
    state = _STATES.get(item.state, item.state)
    lines = [
        f"{item.source} ({_STATUSES.get(item.status, item.status)}{', ' + state if state else ''})",
        f"  dipantau {_decimal(item.hours_watched)} jam, celah {_decimal(item.gap_hours)} jam",
        f"  ditanya {numbers['asked']}, didapat {numbers['got']}, baru {numbers['new']},"
        f" lolos gerbang {numbers['passed_gate']}, gagal {numbers['failed']}",
        *(f"  celah {_range(gap, zone)}" for gap in item.gaps),
    ]
    return "\n".join(lines)


def _range(gap: Gap, zone: tzinfo) -> str:
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    until = f"{end:%H.%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H.%M}"
    return f"{start:%Y-%m-%d %H.%M} sampai {until} {_zone(start)}: {gap.seconds // 60} menit"


def _zone(moment: datetime) -> str:
    return moment.tzname() or ""


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _period(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if not match or not int(match[1]):
        raise InputError(f"--since {text!r} harus seperti 90m, 24h, atau 30d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
