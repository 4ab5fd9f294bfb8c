"""The only place that asks the time, so that leases, undo windows and retention can be tested."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def utcnow() -> datetime:
    return _source()


def today() -> date:
    return utcnow().date()


def monotonic() -> float:
    return time.perf_counter()


@contextmanager
def frozen(source: Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock while the block runs; for tests only."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
