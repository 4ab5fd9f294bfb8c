"""Alarms of sources: silent, short, failing, in need of a person. One open alarm of a kind.

Looked at every minute; what needs a person is told by the run itself, at once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from statistics import median

from monitor.domain import Source, SourceState
from monitor.pipeline.coverage import hour_of
from monitor.pipeline.due import overdue_from
from monitor.storage import Connection, coverage, source_alarms, sources
from monitor.storage.unit_of_work import Database

# No alarm comes later than this after its cause.
_PATIENCE = timedelta(minutes=15)
_WINDOW = timedelta(hours=6)
_DAYS = 7
# Fewer days than this say nothing about what a source usually gives.
_LEAST_DAYS = 3
_LEAST_MEDIAN = 10
_SHORT = 0.1


class AlarmKind(StrEnum):
    SILENCE = "silence"
    CANARY = "canary"
    SHORTFALL = "shortfall"
    NEEDS_PERSON = "needs_person"
    FAILING = "failing"


def check_alarms(database: Database, now: datetime, zone: tzinfo) -> None:
    """Raise what has begun and clear what is over; writes only where something has changed."""
    with database.read() as connection:
        windows = coverage.sum_new_in_windows(connection, _windows(now))
        open_now = _open_by_source(connection)
        changed = [
            source.name
            for source in sources.list_sources(connection)
            if _wanted(source, windows.get(source.id, {}), now, zone) != open_now.get(source.id, {})
        ]
    for name in changed:
        with database.write() as connection:
            # Read again under lock: a run may have ended meanwhile, another process looks too.
            source = sources.lock_source(connection, name)
            if source is not None:
                wanted = _wanted(source, windows.get(source.id, {}), now, zone)
                _settle(connection, source.id, wanted, now)


def raise_needs_person(connection: Connection, source: Source, detail: str, now: datetime) -> None:
    """Called in the transaction of the run that found it, which holds the source's row."""
    _open(connection, source.id, AlarmKind.NEEDS_PERSON, detail, now)


def clear_over(connection: Connection, source_id: int, now: datetime) -> None:
    """Called in the transaction of a run that went well: what it disproves is over."""
    for kind in source_alarms.open_details(connection, source_id):
        if kind in (AlarmKind.NEEDS_PERSON, AlarmKind.FAILING, AlarmKind.SILENCE):
            source_alarms.clear_alarm(connection, source_id, kind, at=now)


def clear_all(connection: Connection, source_id: int, now: datetime) -> None:
    """For a source that is paused or removed."""
    _settle(connection, source_id, {}, now)


def _wanted(
    source: Source, windows: Mapping[int, int], now: datetime, zone: tzinfo
) -> dict[str, str]:
    """Return the alarms that should be open, each with what to tell."""
    if source.status != "active":
        return {}
    checks = {
        AlarmKind.SILENCE: _silence(source, now, zone),
        AlarmKind.CANARY: _canary(source, now, zone),
        AlarmKind.SHORTFALL: _shortfall(windows),
        AlarmKind.NEEDS_PERSON: (
            source.state_detail if source.state == SourceState.NEEDS_PERSON else ""
        ),
        AlarmKind.FAILING: _failing(source, now, zone),
    }
    return {str(kind): detail for kind, detail in checks.items() if detail}


def _silence(source: Source, now: datetime, zone: tzinfo) -> str:
    since = source.last_run_at or source.created_at
    if source.state == SourceState.OK and source.state_since is not None:
        # Taken up again by a person: the time of the pause is a gap, not a silence.
        since = max(since, source.state_since)
    overdue = overdue_from(source, since, zone)
    if overdue is None:
        # Runs once: silent only while its one run does not come.
        if source.due_at is None:
            return ""
        overdue = since
    if now < max(overdue, since + _PATIENCE):
        return ""
    why = f" ({source.state_detail})" if source.state_detail else ""
    return (
        f"Tidak ada jalan yang berhasil sejak {_told(since, zone)}{why}. Periksa apakah pekerja"
        f" Netra berjalan, lalu `netra sources test {source.name}`."
    )


def _canary(source: Source, now: datetime, zone: tzinfo) -> str:
    since = source.last_new_at or source.created_at
    if not source.expect_hours or now < since + timedelta(hours=source.expect_hours):
        return ""
    return (
        f"Sumber ini seharusnya memberi unggahan baru tiap {source.expect_hours} jam; yang terakhir"
        f" {_told(since, zone)}. Periksa dengan `netra sources test {source.name}`."
    )


def _shortfall(windows: Mapping[int, int]) -> str:
    """Compare the last six whole hours with the same hours of the days in which it was watched."""
    earlier = [windows[day] for day in range(1, _DAYS + 1) if day in windows]
    if len(earlier) < _LEAST_DAYS:
        return ""
    usual, got = median(earlier), windows.get(0, 0)
    if usual < _LEAST_MEDIAN or got >= usual * _SHORT:
        return ""
    return (
        f"Hanya {got} unggahan baru dalam enam jam terakhir; biasanya sekitar {usual:.0f} pada jam"
        " yang sama. Periksa kata kunci, akun, dan batas platformnya."
    )


def _failing(source: Source, now: datetime, zone: tzinfo) -> str:
    if source.state != SourceState.FAILING or source.state_since is None:
        return ""
    if now < source.state_since + _PATIENCE:
        return ""
    return f"Gagal terus sejak {_told(source.state_since, zone)}. {source.state_detail}".strip()


def _windows(now: datetime) -> list[tuple[datetime, datetime]]:
    """The last six whole hours, then the same hours of each of the past seven days."""
    end = hour_of(now.astimezone(UTC))
    days = [end - timedelta(days=day) for day in range(_DAYS + 1)]
    return [(moment - _WINDOW, moment) for moment in days]


def _open_by_source(connection: Connection) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for alarm in source_alarms.list_open_alarms(connection):
        found.setdefault(alarm.source_id, {})[alarm.kind] = alarm.detail
    return found


def _settle(
    connection: Connection, source_id: int, wanted: Mapping[str, str], now: datetime
) -> None:
    for kind in source_alarms.open_details(connection, source_id).keys() - wanted.keys():
        source_alarms.clear_alarm(connection, source_id, kind, at=now)
    for kind, detail in wanted.items():
        _open(connection, source_id, kind, detail, now)


def _open(connection: Connection, source_id: int, kind: str, detail: str, now: datetime) -> None:
    told = source_alarms.open_details(connection, source_id).get(kind)
    if told is None:
        source_alarms.add_alarm(connection, source_id, kind, detail=detail, at=now)
    elif told != detail:
        source_alarms.retell_alarm(connection, source_id, kind, detail)


def _told(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H.%M %Z}"
