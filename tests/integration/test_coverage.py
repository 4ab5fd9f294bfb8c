"""The ledger and the alarms: what was not watched never looks as if nothing had happened."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from monitor.cli.console import OPERATOR
from monitor.collectors.trouble import PlatformDown, RateLimited
from monitor.metrics import registry_for
from monitor.pipeline.coverage import SourceCoverage, report, summary
from monitor.pipeline.source_alarms import check_alarms
from monitor.pipeline.sources import pause_source, remove_source, resume_source
from monitor.runtime import Runtime
from tests.fakes.scripted import MovingClock, Platform, register
from tests.source_steps import (
    add,
    alarms_ever,
    ledger,
    open_alarms,
    run_all_due,
    run_due,
    totals,
)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    register(monkeypatch, platform)
    return platform


@pytest.fixture
def clock() -> Iterator[MovingClock]:
    with MovingClock().running() as clock:
        yield clock


def covered(runtime: Runtime, clock: MovingClock, name: str = "a") -> SourceCoverage:
    with runtime.database.read() as connection:
        found = report(connection, clock.now - timedelta(hours=24), clock.now, runtime.zone)
    return next(item for item in found if item.source == name)


def look(runtime: Runtime, clock: MovingClock) -> set[tuple[str, str]]:
    check_alarms(runtime.database, clock.now, runtime.zone)
    return open_alarms(runtime)


def watch(runtime: Runtime, clock: MovingClock, *, hours: float, step: float = 20) -> None:
    """Let time pass with everything running as it should."""
    end = clock.now + timedelta(hours=hours)
    while clock.now < end:
        clock.advance(minutes=step)
        run_all_due(runtime)


def test_hours_without_a_run_are_gaps(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=600)
    run_due(runtime)
    clock.advance(hours=3, minutes=30)
    # While it goes on, it shows although nobody has run since.
    item = covered(runtime, clock)
    assert (item.hours_watched, item.gap_hours) == (0, 3.5)
    run_due(runtime)
    assert [hour.gap_seconds for hour in ledger(runtime)] == [3600, 3600, 3600, 1800]
    clock.advance(minutes=15)
    run_due(runtime)
    item = covered(runtime, clock)
    assert (item.hours_watched, item.gap_hours, item.numbers["runs"]) == (0.25, 3.5, 3)
    start = clock.now.replace(hour=8, minute=0)
    assert [(gap.start, gap.end, gap.seconds) for gap in item.gaps] == [
        (start, start + timedelta(hours=4), 12_600)
    ]


def test_a_late_run_is_no_gap(runtime: Runtime, platform: Platform, clock: MovingClock) -> None:
    add(runtime, "a", every_seconds=600)
    run_due(runtime)
    clock.advance(minutes=29)
    run_due(runtime)
    assert covered(runtime, clock).gaps == ()


def test_a_failing_source_has_a_gap_when_it_answers_again(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=600)
    run_due(runtime)
    platform.account("a").troubles.extend([PlatformDown("Mati.")] * 5)
    platform.account("a").publish("a", 2)
    for _ in range(5):
        clock.advance(minutes=70)
        run_due(runtime)
    item = covered(runtime, clock)
    assert (item.numbers["failed"], item.state, item.hours_watched) == (5, "failing", 0)
    clock.advance(minutes=10)
    run_all_due(runtime)
    clock.advance(minutes=60)
    run_all_due(runtime)
    assert covered(runtime, clock).numbers["new"] == 2
    assert totals(runtime, "a")["gap_seconds"] >= 6 * 3600


def test_what_the_platform_no_longer_gives_is_a_gap(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=600)
    run_due(runtime)
    clock.advance(minutes=20)
    platform.account("a").publish("a", 2)
    platform.gap_since = clock.now - timedelta(days=900)
    run_due(runtime)
    # Never more than since the source was added.
    assert covered(runtime, clock).gap_hours == pytest.approx(1 / 3, abs=0.01)
    assert totals(runtime, "a")["gap_seconds"] == 1200


def test_a_pause_is_a_gap_and_no_silence(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=600)
    run_due(runtime)
    with runtime.database.write() as connection:
        pause_source(connection, "a", by=OPERATOR)
    clock.advance(hours=2)
    assert look(runtime, clock) == set()
    assert covered(runtime, clock).gap_hours == 2
    with runtime.database.write() as connection:
        resume_source(connection, "a", by=OPERATOR)
    assert look(runtime, clock) == set()
    run_due(runtime)
    assert covered(runtime, clock).gap_hours == 2


def test_the_ledger_outlives_its_source_and_leaves_out_the_sample(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=600)
    add(runtime, "contoh", "sample")
    run_all_due(runtime)
    with runtime.database.write() as connection:
        remove_source(connection, "a", with_posts=False, by=OPERATOR)
    with runtime.database.read() as connection:
        found = report(connection, clock.now - timedelta(hours=1), clock.now, runtime.zone)
    assert [(item.source, item.status, item.hours_watched) for item in found] == [
        ("a", "removed", 1)
    ]


def test_the_summary_beside_the_funnel_names_who_is_not_watched(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    with runtime.database.read() as connection:
        assert summary(connection, clock.now, runtime.zone) is None
    add(runtime, "a", every_seconds=600)
    add(runtime, "b", every_seconds=86_400)
    run_all_due(runtime)
    clock.advance(hours=2)
    with runtime.database.read() as connection:
        found = summary(connection, clock.now, runtime.zone)
    assert found == {
        "sources": 2,
        "hours_watched": 2,
        "gap_hours": 2,
        "failed": 0,
        "unwatched_now": ["a"],
    }


@pytest.mark.parametrize(("every", "minutes"), [(60, 15), (300, 15), (1200, 60)])
def test_silence_alarms_after_three_intervals_and_not_before_fifteen_minutes(
    runtime: Runtime, platform: Platform, clock: MovingClock, every: int, minutes: int
) -> None:
    add(runtime, "a", every_seconds=every)
    run_due(runtime)
    clock.advance(minutes=minutes - 1)
    assert look(runtime, clock) == set()
    clock.advance(minutes=1)
    assert look(runtime, clock) == {("a", "silence")}
    clock.advance(hours=5)
    assert look(runtime, clock) == {("a", "silence")}
    assert alarms_ever(runtime) == [("a", "silence")], "told once, however long it lasts"
    run_due(runtime)
    assert open_alarms(runtime) == set()
    clock.advance(hours=5)
    look(runtime, clock)
    assert alarms_ever(runtime) == [("a", "silence")] * 2


def test_a_source_that_never_ran_is_silent_too(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "selesai")
    run_due(runtime)
    add(runtime, "berkala", every_seconds=60)
    add(runtime, "sekali")
    clock.advance(minutes=14)
    assert look(runtime, clock) == set()
    clock.advance(minutes=1)
    assert look(runtime, clock) == {("berkala", "silence"), ("sekali", "silence")}


def test_a_limit_that_lasts_is_silence_with_its_reason(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    run_due(runtime)
    clock.advance(minutes=2)
    until = clock.now + timedelta(hours=1)
    platform.account("a").troubles.append(RateLimited("Batas tercapai.", until=until))
    run_due(runtime)
    clock.advance(minutes=14)
    assert look(runtime, clock) == {("a", "silence")}
    shown = generate_latest(registry_for(runtime)).decode()
    assert 'netra_source_alarms{kind="silence"} 1.0' in shown
    assert 'netra_source_alarms{kind="canary"} 0.0' in shown
    assert 'netra_source_seconds_since_success{source="a"} 960.0' in shown


def test_failing_for_fifteen_minutes_alarms(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=3600)
    platform.account("a").troubles.extend([PlatformDown("Mati.")] * 5)
    run_due(runtime)
    clock.advance(minutes=14)
    assert look(runtime, clock) == set()
    run_due(runtime)
    clock.advance(minutes=1)
    assert look(runtime, clock) == {("a", "failing")}
    platform.account("a").troubles.clear()
    clock.advance(minutes=5)
    run_due(runtime)
    assert open_alarms(runtime) == set()


def test_a_canary_that_stops_singing_alarms(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=1200, expect_hours=6)
    platform.account("a").publish("a", 1)
    run_due(runtime)
    watch(runtime, clock, hours=5.5)
    assert look(runtime, clock) == set()
    watch(runtime, clock, hours=0.5)
    assert look(runtime, clock) == {("a", "canary")}
    platform.account("a").publish("a", 1)
    watch(runtime, clock, hours=0.5)
    assert look(runtime, clock) == set()


def test_far_less_than_usual_at_this_hour_alarms(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    platform.page_size = 50
    for name in ("ramai", "sepi"):
        add(runtime, name, every_seconds=7200)
    for _ in range(4 * 12):
        platform.account("ramai").publish("ramai", 20)
        platform.account("sepi").publish("sepi", 1)
        watch(runtime, clock, hours=2, step=120)
    assert look(runtime, clock) == set()
    watch(runtime, clock, hours=5, step=60)
    assert look(runtime, clock) == set(), "five quiet hours may be chance"
    watch(runtime, clock, hours=4, step=60)
    assert look(runtime, clock) == {("ramai", "shortfall")}
    for _ in range(2):
        platform.account("ramai").publish("ramai", 20)
        watch(runtime, clock, hours=2, step=60)
    assert look(runtime, clock) == set()


def test_the_alarms_of_a_removed_source_are_over(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    clock.advance(hours=1)
    assert look(runtime, clock) == {("a", "silence")}
    with runtime.database.write() as connection:
        remove_source(connection, "a", with_posts=False, by=OPERATOR)
    assert open_alarms(runtime) == set()
