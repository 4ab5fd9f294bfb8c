"""A run of a source: what it takes in, how trouble is told, when it is tried again, quotas."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor.cli.console import OPERATOR
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    PlatformDown,
    QuotaSpent,
    RateLimited,
)
from monitor.domain import SourceState
from monitor.errors import UnexpectedAnswer
from monitor.pipeline.claims import RUN_CLAIM
from monitor.pipeline.collect import collect_next_due, collect_source
from monitor.pipeline.sources import pause_source, resume_source
from monitor.runtime import Runtime
from monitor.storage.tables import marks
from tests.builders import make_post
from tests.fakes.scripted import MovingClock, Platform, register
from tests.source_steps import add, dies_at, open_alarms, row, run_all_due, run_due, totals


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    register(monkeypatch, platform)
    return platform


@pytest.fixture
def clock() -> Iterator[MovingClock]:
    with MovingClock().running() as clock:
        yield clock


def taken(runtime: Runtime) -> int:
    with runtime.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(marks)).scalar_one())


def test_a_run_takes_everything_in_and_counts_it(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    platform.cost = 5
    platform.account("a").posts = [make_post(), make_post(), {"id": 5}]
    platform.account("a").publish("a", 2)
    add(runtime, "a", every_seconds=300)
    outcome = run_due(runtime)
    assert outcome is not None
    assert (outcome.got, outcome.new, outcome.passed_gate, outcome.failed) == (5, 4, 2, 1)
    found = totals(runtime, "a")
    assert (found["runs"], found["asked"], found["got"], found["new"]) == (1, 3, 5, 4)
    assert (found["refused"], found["failed"], found["cost"]) == (1, 0, 15)
    source = row(runtime, "a")
    assert (source.state, source.last_new_at) == (SourceState.OK, clock.now)
    assert source.cursor == {"taken": 5}
    assert source.due_at is not None
    assert source.due_at >= clock.now + timedelta(seconds=300)
    assert run_due(runtime) is None


def test_a_run_without_news_is_counted_too(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=300)
    run_due(runtime)
    assert totals(runtime, "a")["asked"] == 1
    assert totals(runtime, "a")["runs"] == 1
    assert row(runtime, "a").last_run_at == clock.now


def test_defaults_of_the_kind_reach_the_collector(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", options={"query": "netral"})
    run_due(runtime)
    assert platform.seen_options == [{"query": "netral", "limit": "7"}]


def test_trouble_is_told_and_waited_out_longer_and_longer(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").publish("a", 3)
    platform.account("a").troubles.extend([None, PlatformDown("Sedang bermasalah (503).")])
    began = clock.now
    outcome = run_due(runtime)
    assert outcome is not None
    assert (outcome.got, outcome.error) == (2, "Sedang bermasalah (503).")
    assert row(runtime, "a").cursor == {"taken": 2}
    waits = []
    for _ in range(4):
        source = row(runtime, "a")
        assert (source.state, source.state_since) == (SourceState.FAILING, began)
        assert source.due_at is not None
        waits.append((source.due_at - clock.now).total_seconds() / 60)
        clock.now = source.due_at
        platform.account("a").troubles.append(UnexpectedAnswer("Bukan JSON."))
        run_due(runtime)
    assert [int(wait) for wait in waits] == [1, 2, 4, 8]
    assert row(runtime, "a").failures == 5
    clock.advance(hours=1)
    run_due(runtime)
    source = row(runtime, "a")
    assert (source.state, source.failures, source.last_error) == (SourceState.OK, 0, "")
    found = totals(runtime, "a")
    assert (found["new"], found["failed"], found["asked"], found["runs"]) == (3, 5, 7, 6)


def test_a_run_that_brought_something_before_it_broke_waits_little(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").publish("a", 9)
    for _ in range(4):
        platform.account("a").troubles.extend([None, PlatformDown("Sedang bermasalah (503).")])
        run_due(runtime)
        source = row(runtime, "a")
        assert source.due_at is not None
        assert source.due_at <= clock.now + timedelta(minutes=1.1)
        clock.now = source.due_at
    run_due(runtime)
    assert taken(runtime) == 9


def test_a_limit_of_the_platform_is_kept(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    until = clock.now + timedelta(hours=1)
    platform.account("a").troubles.append(RateLimited("Batas tercapai.", until=until))
    run_due(runtime)
    source = row(runtime, "a")
    assert source.state == SourceState.WAITING
    assert source.due_at is not None
    assert until <= source.due_at <= until + timedelta(minutes=1)
    # A person in a hurry does not change what the platform asked for.
    with runtime.database.write() as connection:
        pause_source(connection, "a", by=OPERATOR)
        resume_source(connection, "a", by=OPERATOR)
    assert row(runtime, "a").due_at == source.due_at
    clock.advance(minutes=59)
    assert run_due(runtime) is None
    clock.advance(minutes=3)
    assert run_due(runtime) is not None


@pytest.mark.parametrize("trouble", [CredentialsRefused("Perbarui."), AnswerChanged("Periksa.")])
def test_what_needs_a_person_alarms_at_once_and_is_tried_hourly(
    runtime: Runtime, platform: Platform, clock: MovingClock, trouble: Exception
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").troubles.append(trouble)
    run_due(runtime)
    assert row(runtime, "a").state == SourceState.NEEDS_PERSON
    assert open_alarms(runtime) == {("a", "needs_person")}
    clock.advance(minutes=59)
    assert run_due(runtime) is None
    clock.advance(minutes=8)
    assert run_due(runtime) is not None
    assert row(runtime, "a").state == SourceState.OK
    assert open_alarms(runtime) == set()


def test_resume_clears_what_needed_a_person(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").troubles.append(CredentialsRefused("Perbarui."))
    run_due(runtime)
    with runtime.database.write() as connection:
        resume_source(connection, "a", by=OPERATOR)
    source = row(runtime, "a")
    assert (source.state, source.failures, source.due_at) == (SourceState.OK, 0, clock.now)
    assert open_alarms(runtime) == set()


def test_an_unknown_error_is_told_without_what_it_says(
    runtime: Runtime, platform: Platform, clock: MovingClock, caplog: pytest.LogCaptureFixture
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").troubles.append(KeyError("kalimat dari sebuah unggahan"))
    with caplog.at_level(logging.DEBUG):
        run_due(runtime)
    source = row(runtime, "a")
    assert source.state == SourceState.FAILING
    assert "KeyError" in source.state_detail
    told = [str(record.__dict__) for record in caplog.records]
    assert any("scripted.py" in record for record in told)
    assert "kalimat" not in source.state_detail + "".join(told)


def test_the_daily_share_ends_the_run_between_pages_and_comes_back(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    platform.cost = 10
    platform.account("a").publish("a", 8)
    add(runtime, "a", every_seconds=60, daily_quota=20)
    outcome = run_due(runtime)
    assert outcome is not None
    assert (outcome.got, "Kuota harian 20" in outcome.error) == (4, True)
    source = row(runtime, "a")
    assert (source.state, source.failures) == (SourceState.WAITING, 0)
    midnight = clock.now.replace(hour=0) + timedelta(days=1)
    assert source.due_at is not None
    assert midnight <= source.due_at <= midnight + timedelta(minutes=1)
    asked = platform.account("a").asked
    with runtime.database.write() as connection:
        resume_source(connection, "a", by=OPERATOR)
    assert collect_source(runtime.run_context, source, threading.Event()) is not None
    assert platform.account("a").asked == asked, "a spent share asks nothing"
    clock.now = midnight + timedelta(minutes=1)
    run_due(runtime)
    assert totals(runtime, "a")["new"] == 8
    assert totals(runtime, "a")["failed"] == 0


def test_the_monthly_share_waits_for_the_month(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    platform.account("a").publish("a", 6)
    add(runtime, "a", every_seconds=60, monthly_quota=2, daily_quota=2)
    run_due(runtime)
    source = row(runtime, "a")
    assert source.due_at is not None
    assert (source.due_at.month, source.due_at.day, source.due_at.hour) == (12, 1, 0)
    assert "bulanan" in source.state_detail
    clock.now = source.due_at
    run_due(runtime)
    assert totals(runtime, "a")["new"] == 6


def test_a_quota_code_of_the_platform_is_waited_out(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    until = clock.now + timedelta(hours=16)
    platform.account("a").troubles.append(QuotaSpent("Kuota platform habis.", until=until))
    run_due(runtime)
    source = row(runtime, "a")
    assert source.state == SourceState.WAITING
    assert source.wait_until is not None
    assert source.wait_until >= until


def test_the_important_goes_first_and_nobody_starves(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "biasa", every_seconds=3600)
    clock.advance(minutes=5)
    add(runtime, "penting", every_seconds=3600, priority=1)
    add(runtime, "lama", every_seconds=3600, priority=-1)
    assert [outcome.source for outcome in run_all_due(runtime)] == ["penting", "biasa", "lama"]
    # An hour's wait outweighs two steps of priority.
    clock.advance(hours=2)
    add(runtime, "baru", every_seconds=3600, priority=2)
    assert run_all_due(runtime)[-1].source == "baru"


def test_a_source_is_never_run_twice_at_once(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    source = add(runtime, "a", every_seconds=60)
    platform.account("a").publish("a", 2)
    beside: list[object] = []

    def try_beside(name: str) -> None:
        beside.append(collect_next_due(runtime.run_context, threading.Event()))
        beside.append(collect_source(runtime.run_context, source, threading.Event()))

    platform.before_page = try_beside
    assert run_due(runtime) is not None
    assert beside == [None, None]
    assert platform.account("a").asked == 1


def test_a_stop_ends_the_run_after_the_page(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=3600)
    platform.account("a").publish("a", 6)
    stop = threading.Event()
    platform.before_page = lambda name: stop.set()
    outcome = collect_next_due(runtime.run_context, stop)
    assert outcome is not None
    assert (outcome.got, outcome.error) == (2, "")
    source = row(runtime, "a")
    assert (source.state, source.due_at) == (SourceState.OK, clock.now)
    platform.before_page = lambda name: None
    # Free at once: a clean stop leaves no claim to wait for.
    run_due(runtime)
    assert totals(runtime, "a")["got"] == platform.account("a").served == 6


def test_a_long_run_gives_others_their_turn(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    for name in ("panjang", "pendek"):
        add(runtime, name, every_seconds=3600)
        platform.account(name).publish(name, 4)
    platform.before_page = lambda name: void(clock.advance(minutes=6))
    order = [outcome.source for outcome in run_all_due(runtime)]
    # Cut after a page each, until one finds that there is nothing more.
    assert order == ["panjang", "pendek"] * 3
    assert taken(runtime) == 8


def test_pausing_stops_a_run_under_way(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    add(runtime, "a", every_seconds=60)
    platform.account("a").publish("a", 4)

    def pause(name: str) -> None:
        with runtime.database.write() as connection:
            pause_source(connection, "a", by=OPERATOR)

    platform.before_page = pause
    outcome = run_due(runtime)
    assert outcome is not None
    assert (outcome.got, bool(outcome.error)) == (0, True)
    assert (row(runtime, "a").status, row(runtime, "a").cursor) == ("paused", {})
    platform.before_page = lambda name: None
    assert run_due(runtime) is None
    with runtime.database.write() as connection:
        resume_source(connection, "a", by=OPERATOR)
    run_due(runtime)
    assert taken(runtime) == 4


def test_a_kill_at_any_statement_loses_and_doubles_nothing(
    runtime: Runtime, platform: Platform, clock: MovingClock
) -> None:
    """The process dies before its n-th statement or commit, for every n there is."""
    killed = 0
    while True:
        name = f"s{killed}"
        add(runtime, name, every_seconds=3600)
        platform.account(name).publish(name, 4)
        if not dies_at(runtime, killed, lambda: run_due(runtime)):
            break
        clock.advance(seconds=RUN_CLAIM.total_seconds() + 1)
        run_due(runtime)
        found = totals(runtime, name)
        assert (found["got"], found["new"], found["cost"]) == (4, 4, 2), killed
        assert row(runtime, name).cursor == {"taken": 4}
        with runtime.database.write() as connection:
            pause_source(connection, name, by=OPERATOR)
        killed += 1
    assert killed > 20
    assert taken(runtime) == 4 * (killed + 1)


def void(_: object) -> None:
    return None
