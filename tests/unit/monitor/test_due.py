"""When a source runs next, and from when on it counts as not watched."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.collectors.trouble import (
    CredentialsRefused,
    PlatformDown,
    QuotaSpent,
    RateLimited,
)
from monitor.domain import Source
from monitor.errors import InputError
from monitor.pipeline.due import (
    crontab,
    next_fire,
    next_run,
    overdue_from,
    retry_at,
    shortest_wait,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
# A Monday, 15.00 in Jakarta.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def make_source(*, every: int = 0, schedule: str = "") -> Source:
    return Source(
        id=1,
        name="uji",
        kind="naskah",
        options={},
        every_seconds=every,
        status="active",
        sample=False,
        cursor={},
        created_at=NOW,
        due_at=NOW,
        last_run_at=None,
        last_error="",
        schedule=schedule,
    )


def fires(text: str, count: int) -> list[str]:
    moment, found = NOW, []
    for _ in range(count):
        fire = next_fire(crontab(text, JAKARTA), moment)
        assert fire is not None
        moment = fire
        found.append(f"{moment.astimezone(JAKARTA):%a %d %H.%M}")
    return found


def test_an_interval_is_kept_and_spread_by_a_tenth() -> None:
    source = make_source(every=300)
    runs = {next_run(source, NOW, NOW + timedelta(seconds=20), JAKARTA) for _ in range(200)}
    waits = [(run - NOW).total_seconds() for run in runs if run]
    assert min(waits) >= 300
    assert max(waits) <= 330
    assert max(waits) - min(waits) > 15


def test_missed_runs_are_worth_one() -> None:
    late = NOW + timedelta(hours=9)
    assert next_run(make_source(every=300), NOW, late, JAKARTA) == late
    hourly = next_run(make_source(schedule="0 * * * *"), NOW, late, JAKARTA)
    assert hourly == late + timedelta(hours=1)


def test_a_source_without_schedule_runs_once() -> None:
    assert next_run(make_source(), NOW, NOW, JAKARTA) is None
    assert overdue_from(make_source(), NOW, JAKARTA) is None


def test_a_crontab_is_read_in_the_zone_of_the_installation() -> None:
    assert fires("30 6 * * *", 2) == ["Tue 24 06.30", "Wed 25 06.30"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Cron counts from Sunday; the library that computes counts from Monday.
        ("0 8 * * 0", ["Sun 29 08.00", "Sun 06 08.00"]),
        ("0 8 * * 7", ["Sun 29 08.00", "Sun 06 08.00"]),
        ("0 8 * * 1-5", ["Tue 24 08.00", "Wed 25 08.00"]),
        ("0 8 * * FRI-MON/3", ["Fri 27 08.00", "Mon 30 08.00"]),
        ("0 8 * * 5,sat", ["Fri 27 08.00", "Sat 28 08.00"]),
        # As in cron, of day and weekday one is enough.
        ("0 8 1 * 5", ["Fri 27 08.00", "Tue 01 08.00"]),
    ],
)
def test_weekdays_are_those_of_cron(text: str, expected: list[str]) -> None:
    assert fires(text, 2) == expected


@pytest.mark.parametrize(
    "text",
    ["", "5m", "* * * *", "61 * * * *", "* * * * 8", "* * * * libur", "* * * * *-3", "a b c d e"],
)
def test_what_is_no_crontab_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"\*/5 \* \* \* \*"):
        crontab(text, JAKARTA)


def test_the_shortest_wait_of_a_crontab() -> None:
    assert shortest_wait(crontab("0,2 8 * * 1", JAKARTA), NOW) == timedelta(minutes=2)
    assert shortest_wait(crontab("0 0 30 2 *", JAKARTA), NOW) is None


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [(retry_at(PlatformDown(), n, NOW) - NOW).total_seconds() / 60 for n in range(1, 10)]
    for wait, planned in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60], strict=True):
        assert planned <= wait <= planned * 1.1


@pytest.mark.parametrize("hours", [0.1, 1, 20])
def test_the_platforms_own_limit_is_kept(hours: float) -> None:
    until = NOW + timedelta(hours=hours)
    due = retry_at(RateLimited(until=until), 1, NOW)
    assert until <= due <= until + timedelta(minutes=1)


def test_a_limit_beyond_reason_or_in_the_past_is_not_believed() -> None:
    far = retry_at(RateLimited(until=NOW + timedelta(days=900)), 1, NOW)
    assert far <= NOW + timedelta(hours=24, minutes=1)
    month = retry_at(QuotaSpent(until=NOW + timedelta(days=20)), 1, NOW)
    assert month >= NOW + timedelta(days=20)
    assert retry_at(RateLimited(until=NOW - timedelta(hours=1)), 1, NOW) > NOW


def test_what_needs_a_person_is_tried_hourly() -> None:
    for failures in (1, 9):
        wait = retry_at(CredentialsRefused(), failures, NOW) - NOW
        assert timedelta(minutes=60) <= wait <= timedelta(minutes=66)


def test_three_missed_runs_are_a_gap() -> None:
    assert overdue_from(make_source(every=600), NOW, JAKARTA) == NOW + timedelta(minutes=30)
    # Working days at eight: from Friday the third is Wednesday, and the weekend is no gap.
    friday = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    weekdays = overdue_from(make_source(schedule="0 8 * * 1-5"), friday, JAKARTA)
    assert weekdays == friday + timedelta(days=5)
