"""Steps that tests of sources take: add one, run it, read its row, its ledger, its alarms."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event

from monitor.cli.console import OPERATOR
from monitor.domain import Source
from monitor.pipeline.collect import CollectOutcome, collect_next_due
from monitor.pipeline.source_plan import SourcePlan
from monitor.pipeline.sources import add_source, get_source
from monitor.runtime import Runtime
from monitor.storage.coverage import CoverageHour, list_hours
from monitor.storage.source_alarms import list_alarms_since
from tests.fakes.scripted import KIND


class Killed(BaseException):
    """The process is gone: nothing after this is written."""


BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def add(runtime: Runtime, name: str, kind: str = KIND, **plan: Any) -> Source:
    with runtime.database.write() as connection:
        return add_source(
            connection, name, kind, SourcePlan(**plan), zone=runtime.zone, by=OPERATOR
        )


def run_due(runtime: Runtime) -> CollectOutcome | None:
    return collect_next_due(runtime.run_context, threading.Event())


def run_all_due(runtime: Runtime) -> list[CollectOutcome]:
    outcomes = []
    while (outcome := run_due(runtime)) is not None:
        outcomes.append(outcome)
    return outcomes


def row(runtime: Runtime, name: str) -> Source:
    with runtime.database.read() as connection:
        return get_source(connection, name)


def ledger(runtime: Runtime) -> list[CoverageHour]:
    with runtime.database.read() as connection:
        return list_hours(connection, BEGINNING)


def totals(runtime: Runtime, name: str) -> Counter[str]:
    """Return the sums of a source's ledger."""
    found: Counter[str] = Counter()
    for hour in ledger(runtime):
        if hour.source_name == name:
            for number in ("runs", "asked", "got", "new", "failed", "refused", "cost"):
                found[number] += getattr(hour, number)
            found["gap_seconds"] += hour.gap_seconds
    return found


def open_alarms(runtime: Runtime) -> set[tuple[str, str]]:
    with runtime.database.read() as connection:
        found = list_alarms_since(connection, BEGINNING)
    return {(alarm.source, alarm.kind) for alarm in found if alarm.cleared_at is None}


def alarms_ever(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.database.read() as connection:
        return [(a.source, a.kind) for a in list_alarms_since(connection, BEGINNING)]


def dies_at(runtime: Runtime, number: int, work: Callable[[], object]) -> bool:
    """Do the work with a kill before its n-th statement or commit; False if it came to its end."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    for name in ("before_cursor_execute", "commit"):
        event.listen(runtime.database.engine, name, count)
    try:
        work()
        return False
    except Killed:
        return True
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(runtime.database.engine, name, count)
