"""A week of forty sources in a minute: failures, limits, restarts, downtime and three kills.

Every post is taken in exactly once, and the ledger equals what the platform has given.
"""

import random
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from monitor.collectors.trouble import (
    AnswerChanged,
    PlatformDown,
    RateLimited,
    SourceGone,
)
from monitor.errors import UnexpectedAnswer
from monitor.pipeline.collect import collect_next_due
from monitor.pipeline.source_alarms import check_alarms
from monitor.runtime import Runtime
from monitor.storage.tables import marks
from monitor.storage.unit_of_work import Database
from tests.fakes.scripted import MovingClock, Platform, register
from tests.source_steps import (
    add,
    alarms_ever,
    dies_at,
    ledger,
    open_alarms,
    run_all_due,
    run_due,
    totals,
)

HOURLY = ("sumber-0", "sumber-1")
SOURCES = [f"sumber-{n}" for n in range(40)]
HOURS = 7 * 24
DOWN = range(60, 71)
KILLED = (20, 75, 130)
RESTARTED = (10, 50, 110, 150)


def add_sources(runtime: Runtime, chance: random.Random) -> None:
    for name in SOURCES:
        if name in HOURLY:
            add(runtime, name, every_seconds=3600)
        elif chance.random() < 0.2:
            add(runtime, name, schedule=f"{chance.randrange(60)} */12 * * *")
        else:
            quota = chance.choice((0, 0, 5))
            add(
                runtime,
                name,
                every_seconds=3600 * chance.randrange(8, 24),
                daily_quota=quota,
                priority=chance.randrange(3),
            )


def trouble(chance: random.Random, clock: MovingClock) -> Exception:
    until = clock.now + timedelta(hours=chance.randrange(3))
    return chance.choice(
        [
            PlatformDown("Mati (503)."),
            UnexpectedAnswer("Bukan JSON."),
            RateLimited("Batas.", until=until),
            AnswerChanged("Berubah."),
            SourceGone("Hilang."),
            KeyError("data"),
        ]
    )


def live(platform: Platform, chance: random.Random, clock: MovingClock) -> None:
    """An hour on the platform: people post, and some things break."""
    for name in chance.sample(SOURCES, 12):
        account = platform.account(name)
        account.publish(name, chance.randrange(1, 9))
        if chance.random() < 0.1:
            account.troubles.extend([None] * chance.randrange(2) + [trouble(chance, clock)])


def restart(runtime: Runtime) -> Runtime:
    """Another process on the same database, which knows nothing of the one before."""
    return replace(runtime, database=Database(runtime.settings.url))


def stop_in_the_middle(runtime: Runtime, platform: Platform) -> None:
    stop = threading.Event()
    platform.before_page = lambda name: stop.set()
    collect_next_due(runtime.run_context, stop)
    platform.before_page = lambda name: None


def pass_the_week(
    runtime: Runtime, platform: Platform, clock: MovingClock, chance: random.Random
) -> int:
    """Return how many kills hit a run."""
    hits = 0
    for hour in range(HOURS):
        clock.advance(hours=1)
        live(platform, chance, clock)
        if hour in DOWN:
            continue
        killed = hits < len(KILLED) and hour >= KILLED[hits]
        if killed:
            # Where little is due it may run to its end first; then the next hour brings the kill.
            hits += dies_at(runtime, chance.randrange(8, 20), partial(run_all_due, runtime))
        if hour in RESTARTED:
            stop_in_the_middle(runtime, platform)
        if killed or hour in RESTARTED:
            runtime.database.dispose()
            runtime = restart(runtime)
            clock.advance(seconds=61)
        check_alarms(runtime.database, clock.now, runtime.zone)
        run_all_due(runtime)
    for _ in range(48):
        clock.advance(hours=2)
        for account in platform.accounts.values():
            account.troubles.clear()
        run_all_due(runtime)
        check_alarms(runtime.database, clock.now, runtime.zone)
    runtime.database.dispose()
    return hits


def test_a_week_of_forty_sources(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    platform, chance = Platform(page_size=6), random.Random(2026)
    register(monkeypatch, platform)
    with MovingClock().running() as clock:
        add_sources(runtime, chance)
        hits = pass_the_week(runtime, platform, clock, chance)
        assert hits == len(KILLED)
        with runtime.database.read() as connection:
            stored = connection.execute(select(func.count()).select_from(marks)).scalar_one()
        assert stored == sum(len(account.posts) for account in platform.accounts.values())
        found = {name: totals(runtime, name) for name in SOURCES}
        for name, account in platform.accounts.items():
            assert found[name]["new"] == found[name]["got"] == len(account.posts), name
            assert found[name]["got"] == account.served, name
            assert found[name]["cost"] == len(account.pages), name
        # A page may be asked for twice only where the first answer died with its process.
        assert sum(account.repeated for account in platform.accounts.values()) <= hits
        asked = sum(account.asked for account in platform.accounts.values())
        assert 0 <= asked - sum(numbers["asked"] for numbers in found.values()) <= hits
        assert sum(numbers["failed"] for numbers in found.values()) > 40
        for name in HOURLY:
            assert found[name]["gap_seconds"] >= len(DOWN) * 3600
            assert (name, "silence") in alarms_ever(runtime)
        assert all(hour.gap_seconds <= 3600 for hour in ledger(runtime))
        # Nobody has posted for four days: that is told, and nothing else is wrong.
        assert {kind for _, kind in open_alarms(runtime)} == {"shortfall"}
        assert run_due(runtime) is None
