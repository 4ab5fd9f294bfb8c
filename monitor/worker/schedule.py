"""Which step runs how often (APScheduler). Steps claim their work, so several processes may run."""

import logging
import threading
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.alerts.outbox import has_due, publish_due
from monitor.clock import utcnow
from monitor.pipeline.classify import score_waiting
from monitor.pipeline.collect import collect_next_due
from monitor.pipeline.retention import run_retention
from monitor.runtime import Runtime

logger = logging.getLogger(__name__)

TICK_SECONDS = 1
RETENTION_SECONDS = 3600


class Worker:
    """The scheduler of one process; `stop` lets the running step finish its transaction."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stopping = threading.Event()
        self._model_available = True
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(4)},
            # One run at a time each; ticks missed while one ran are worth a single run.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._add("collect", self._collect, TICK_SECONDS)
        self._add("score", self._score, TICK_SECONDS)
        self._add("publish", self._publish, TICK_SECONDS)
        self._add("retention", self._retention, RETENTION_SECONDS)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _add(self, name: str, step: Callable[[], None], seconds: int) -> None:
        self._scheduler.add_job(
            _logged(name, step),
            IntervalTrigger(seconds=seconds, timezone="UTC"),
            id=name,
            next_run_time=utcnow(),
        )

    def _collect(self) -> None:
        while not self._stopping.is_set() and collect_next_due(
            self._runtime.database, self._runtime.key
        ):
            pass

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
