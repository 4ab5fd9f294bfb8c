"""Looks that no source runs by itself: flagged posts once more, and links the public reported."""

import threading

from monitor.clock import utcnow
from monitor.collectors import KINDS
from monitor.collectors.base import Looker
from monitor.domain import Source
from monitor.errors import NetraError
from monitor.pipeline.collect import open_collector
from monitor.pipeline.rechecks import enrol_flagged, recheck_next
from monitor.pipeline.report_fetch import configured_lookers, fetch_next_reported
from monitor.runtime import Runtime

_NEVER_ASKED = ("public", "sample", "filedrop")


def recheck_flagged(runtime: Runtime, stopping: threading.Event) -> None:
    """Watch what was flagged since, then look at all that is due."""
    kinds = [name for name in KINDS if name not in _NEVER_ASKED]
    with runtime.database.write() as connection:
        enrol_flagged(connection, kinds, utcnow())

    def find_looker(source: Source) -> Looker | None:
        try:
            collector, _ = open_collector(source, runtime.tools)
        except NetraError:
            return None
        return collector if isinstance(collector, Looker) else None

    while not stopping.is_set() and recheck_next(runtime.database, find_looker, utcnow()):
        pass


def fetch_reported(runtime: Runtime, stopping: threading.Event) -> None:
    """Read what stands at reported links, where a running source's collector can."""
    find = configured_lookers(runtime.database, runtime.tools)
    while not stopping.is_set() and fetch_next_reported(
        runtime.database, runtime.key, find, utcnow()
    ):
        pass
