"""Runs due sources, a few at once: after downtime they come one after the other, not all."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from monitor.clock import utcnow
from monitor.pipeline.collect import collect_next_due
from monitor.runtime import Runtime
from monitor.storage.sources import list_due

AT_ONCE = 4

logger = logging.getLogger(__name__)


class CollectPool:
    """`fill` is called at every tick; each thread goes on until nothing is due."""

    def __init__(self, runtime: Runtime, stopping: threading.Event) -> None:
        self._runtime = runtime
        self._context = runtime.run_context
        self._stopping = stopping
        self._free = threading.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="collect")

    def fill(self) -> None:
        """Start as many threads as there are due sources and places left."""
        with self._runtime.database.read() as connection:
            due = len(list_due(connection, utcnow()))
        for _ in range(min(due, AT_ONCE)):
            if self._stopping.is_set() or not self._free.acquire(blocking=False):
                return
            self._threads.submit(self._work)

    def stop(self) -> None:
        """Wait until each run has stored the page it is at."""
        self._threads.shutdown(wait=True)

    def _work(self) -> None:
        try:
            while not self._stopping.is_set() and collect_next_due(self._context, self._stopping):
                pass
        except Exception:
            # What the platform does wrong is on the source; this is our own, tried again later.
            logger.exception("run of a source broke off")
        finally:
            self._free.release()
