"""Which step runs how often (APScheduler). Steps claim their work, so several processes may run."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.alerts.outbox import has_due, publish_due
from monitor.clock import utcnow
from monitor.pipeline.classify import score_waiting
from monitor.pipeline.retention import run_retention
from monitor.pipeline.source_alarms import check_alarms
from monitor.runtime import Runtime
from monitor.worker.collecting import CollectPool
from monitor.worker.looking import fetch_reported, recheck_flagged

logger = logging.getLogger(__name__)

TICK_SECONDS = 1
ALARM_SECONDS = 60
LOOK_SECONDS = 60
RETENTION_SECONDS = 3600
# One for each step: a slow one must not keep the others from their tick.
_STEPS = 7


class Worker:
    """The scheduler of one process; `stop` lets the running step finish its transaction."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stopping = threading.Event()
        self._pool = CollectPool(runtime, self._stopping)
        self._model_available = True
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(_STEPS)},
            # One run at a time each; ticks missed while one ran are worth a single run.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._add("collect", self._pool.fill, TICK_SECONDS)
        self._add("score", self._score, TICK_SECONDS)
        self._add("publish", self._publish, TICK_SECONDS)
        self._add("retention", self._retention, RETENTION_SECONDS)
        # After downtime the sources come first: what they make good raises no alarm.
        self._add("alarms", self._alarms, ALARM_SECONDS, first_after=ALARM_SECONDS)
        self._add("recheck", self._recheck, LOOK_SECONDS, first_after=LOOK_SECONDS)
        self._add("reported", self._fetch_reported, LOOK_SECONDS)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._pool.stop()
        self._runtime.tools.net.close()

    def _add(
        self, name: str, step: Callable[[], None], seconds: int, *, first_after: int = 0
    ) -> None:
        self._scheduler.add_job(
            _logged(name, step),
            IntervalTrigger(seconds=seconds, timezone="UTC"),
            id=name,
            next_run_time=utcnow() + timedelta(seconds=first_after),
        )

    def _score(self) -> None:
        runtime = self._runtime
        while not self._stopping.is_set():
            outcome = score_waiting(runtime.database, runtime.classifier, runtime.key)
            self._tell(outcome.available)
            if not outcome.available or not outcome.scored:
                return

    def _tell(self, available: bool) -> None:
        """Log once when the model is lost and once when it is back, not at every tick."""
        if available != self._model_available:
            level = logging.INFO if available else logging.ERROR
            why = self._runtime.classifier.error
            logger.log(level, "model available", extra={"available": available, "why": why})
        self._model_available = available

    def _publish(self) -> None:
        with self._runtime.database.read() as connection:
            due = has_due(connection)
        if due:
            with self._runtime.database.write() as connection:
                publish_due(connection)

    def _alarms(self) -> None:
        check_alarms(self._runtime.database, utcnow(), self._runtime.zone)

    def _recheck(self) -> None:
        recheck_flagged(self._runtime, self._stopping)

    def _fetch_reported(self) -> None:
        fetch_reported(self._runtime, self._stopping)

    def _retention(self) -> None:
        with self._runtime.database.write() as connection:
            run_retention(connection, self._runtime.key)


def _logged(name: str, step: Callable[[], None]) -> Callable[[], None]:
    """A step that fails is logged and tried again at its next tick; the others go on."""

    def run() -> None:
        try:
            step()
        except Exception:
            logger.exception("step failed", extra={"step": name})

    return run
