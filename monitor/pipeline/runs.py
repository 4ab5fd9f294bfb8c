"""One run of a source on its way, and what is written down when it ends: well, cut, in trouble."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from monitor.clock import utcnow
from monitor.collectors.base import Tools
from monitor.collectors.trouble import CollectorTrouble, NeedsPerson
from monitor.domain import Source, SourceState
from monitor.errors import ShareSpent
from monitor.pipeline import coverage, source_alarms
from monitor.pipeline.due import next_run, retry_at
from monitor.storage import Connection, sources
from monitor.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every run works with; `zone` is the installation's, for crontabs."""

    database: Database
    key: bytes
    tools: Tools
    zone: tzinfo


@dataclass(slots=True)
class CollectOutcome:
    """`failed` counts refused posts; `error` is the trouble that ended the run, in Indonesian."""

    source: str
    pages: int = 0
    got: int = 0
    new: int = 0
    passed_gate: int = 0
    failed: int = 0
    error: str = ""


@dataclass(slots=True)
class Run:
    """`stop` is looked at between pages; without `turn` the run goes on to the source's end.

    `lost`: the source was paused, removed or taken over meanwhile, and nothing more is written.
    """

    context: RunContext
    source: Source
    token: str
    stop: threading.Event
    turn: timedelta | None
    outcome: CollectOutcome
    started: datetime = field(default_factory=utcnow)
    cut_short: bool = False
    lost: bool = False

    def is_over(self) -> bool:
        late = self.turn is not None and utcnow() - self.started >= self.turn
        return late or self.stop.is_set()


def finish(connection: Connection, run: Run, trouble: CollectorTrouble | None) -> None:
    """Let go of the source and write down how it fared and when it runs next."""
    now = utcnow()
    if run.cut_short and not run.outcome.pages:
        # Stopped before it had asked: as if it had not been its turn.
        run.lost = not sources.finish_run(connection, run.source.id, token=run.token)
    elif trouble is None:
        _finish_well(connection, run, now)
    else:
        _finish_in_trouble(connection, run, trouble, now)


def record_silence(connection: Connection, run: Run) -> None:
    """The source answers again: where it had not for too long, the time between was a gap."""
    since = coverage.unwatched_since(run.source, run.started, run.context.zone)
    if since is not None:
        coverage.record_gap(connection, run.source, since, run.started)


def _finish_well(connection: Connection, run: Run, now: datetime) -> None:
    source, pages = run.source, run.outcome.pages
    run.lost = not sources.finish_run(
        connection,
        source.id,
        token=run.token,
        due_at=now if run.cut_short else next_run(source, run.started, now, run.context.zone),
        state=SourceState.OK,
        state_detail="",
        state_since=_in_state_since(source, SourceState.OK, now),
        failures=0,
        wait_until=None,
        last_run_at=now,
        last_error="",
    )
    if run.lost:
        return
    if not pages:
        record_silence(connection, run)
    coverage.record_run(connection, source, now, failed=False, empty=not pages)
    source_alarms.clear_over(connection, source.id, now)


def _finish_in_trouble(
    connection: Connection, run: Run, trouble: CollectorTrouble, now: datetime
) -> None:
    source, detail = run.source, trouble.detail or trouble.title
    # A share of its own that is used up is no failure, and the platform was not asked.
    asked = not isinstance(trouble, ShareSpent)
    # What brought something before it broke is no source that stays away: the wait begins anew.
    failures = (0 if run.outcome.new else source.failures) + asked
    due_at = retry_at(trouble, failures, now)
    run.lost = not sources.finish_run(
        connection,
        source.id,
        token=run.token,
        due_at=due_at,
        state=trouble.state,
        state_detail=detail,
        state_since=_in_state_since(source, trouble.state, now),
        failures=failures,
        wait_until=due_at if trouble.until else None,
        last_error=detail,
    )
    if run.lost:
        return
    if asked or run.outcome.pages:
        coverage.record_run(connection, source, now, failed=asked, empty=False)
    if isinstance(trouble, NeedsPerson):
        source_alarms.raise_needs_person(connection, source, detail, now)


def _in_state_since(source: Source, state: str, now: datetime) -> datetime:
    return source.state_since if source.state == state and source.state_since else now
