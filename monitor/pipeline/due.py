"""When a source runs next: by interval or crontab after success, later and later after trouble."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.collectors.trouble import CollectorTrouble, NeedsPerson, QuotaSpent
from monitor.domain import Source
from monitor.errors import InputError

# So much later at most, by chance: sources added together must not ask together for ever.
_JITTER, _LONGEST_JITTER = 0.1, timedelta(minutes=10)
_LIMIT_JITTER = timedelta(minutes=1)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(minutes=60)
_AFTER_PERSON = timedelta(minutes=60)
# A wrong clock or header of a platform must not switch a source off for good.
_LONGEST_LIMIT, _LONGEST_QUOTA = timedelta(hours=24), timedelta(days=31)
# Not watched only when so many runs in a row did not come.
_PATIENCE = 3
_TICK = timedelta(microseconds=1)
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAYS = re.compile(r"(\*|[0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?(?:/([1-7]))?")


def next_run(source: Source, started: datetime, now: datetime, zone: tzinfo) -> datetime | None:
    """Return when to run after a run that went well, or None for a source that runs once.

    However many times were missed, there is one next run.
    """
    if source.schedule:
        return next_fire(crontab(source.schedule, zone), now)
    if source.every_seconds:
        return max(_spread(started, timedelta(seconds=source.every_seconds)), now)
    return None


def retry_at(trouble: CollectorTrouble, failures: int, now: datetime) -> datetime:
    """Return when to try again after the n-th failure in a row."""
    if isinstance(trouble, NeedsPerson):
        return _spread(now, _AFTER_PERSON)
    if trouble.until is not None and trouble.until > now:
        longest = _LONGEST_QUOTA if isinstance(trouble, QuotaSpent) else _LONGEST_LIMIT
        # Never before the time that the platform named, and not all sources in its first second.
        return _spread(now, min(trouble.until - now, longest), _LIMIT_JITTER)
    doubled = _FIRST_RETRY * 2 ** min(max(failures, 1) - 1, 10)
    return _spread(now, min(doubled, _LAST_RETRY))


def overdue_from(source: Source, since: datetime, zone: tzinfo) -> datetime | None:
    """Return from when on a source that last answered at `since` counts as not watched.

    None for a source that runs once.
    """
    if source.schedule:
        trigger, moment = crontab(source.schedule, zone), since
        for _ in range(_PATIENCE):
            following = next_fire(trigger, moment)
            if following is None:
                return None
            moment = following
        return moment
    if source.every_seconds:
        return since + _PATIENCE * timedelta(seconds=source.every_seconds)
    return None


def next_fire(trigger: BaseTrigger, after: datetime) -> datetime | None:
    fire = trigger.get_next_fire_time(None, after + _TICK)
    return fire.astimezone(UTC) if fire else None


def shortest_wait(trigger: BaseTrigger, after: datetime) -> timedelta | None:
    """Return the shortest time between two of the coming runs; None when there are none."""
    fires: list[datetime] = []
    moment: datetime | None = after
    # Two hours of a crontab that fires every minute; a rarer one is seen over days.
    for _ in range(120):
        moment = next_fire(trigger, moment) if moment else None
        if moment is None:
            break
        fires.append(moment)
    waits = [later - earlier for earlier, later in pairwise(fires)]
    return min(waits, default=None)


def crontab(text: str, zone: tzinfo) -> BaseTrigger:
    """Read a crontab of five fields as cron does; raise `InputError` saying what is wrong."""
    fields = text.lower().split()
    if len(fields) != 5:
        raise InputError(
            f"Jadwal {text!r} harus berisi lima kolom: menit, jam, tanggal, bulan, hari;"
            ' contoh "*/5 * * * *".'
        )
    minute, hour, day, month, weekday = fields
    try:
        weekday = _weekdays(weekday)
        plain = {"minute": minute, "hour": hour, "month": month, "timezone": zone}
        # As in cron, where day and weekday are both given, one of them is enough.
        if day != "*" and weekday != "*":
            return OrTrigger(
                [CronTrigger(day=day, **plain), CronTrigger(day_of_week=weekday, **plain)]
            )
        return CronTrigger(day=day, day_of_week=weekday, **plain)
    except (ValueError, TypeError) as error:
        raise InputError(f'Jadwal {text!r} tidak dapat dibaca; contoh "*/5 * * * *".') from error


def _weekdays(field: str) -> str:
    """Return the days by name: a crontab counts from Sunday, the library from Monday."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.split(","):
        match = _DAYS.fullmatch(part)
        if not match or part.startswith("*-"):
            raise ValueError(part)
        first, last, step = match.groups()
        start = 0 if first == "*" else _weekday(first)
        end = 6 if first == "*" else _weekday(last) if last else 6 if step else start
        # "fri-mon" goes over the end of the week.
        end += 7 if end < start else 0
        days.update(day % 7 for day in range(start, end + 1, int(step or 1)))
    return ",".join(_WEEKDAYS[day] for day in sorted(days))


def _weekday(name: str) -> int:
    return int(name) if name.isdigit() else _WEEKDAYS.index(name)


def _spread(start: datetime, wait: timedelta, most: timedelta = _LONGEST_JITTER) -> datetime:
    """Return a time after `wait`, up to a tenth of it later but no more than `most`."""
    trigger = IntervalTrigger(
        seconds=wait.total_seconds(),
        jitter=min(wait * _JITTER, most).total_seconds(),
        start_date=start,
        timezone=UTC,
    )
    fire: datetime = trigger.get_next_fire_time(start, start)
    return fire
