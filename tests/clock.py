"""Moves Netra's clock for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from monitor import clock


@contextmanager
def moved_on(**how_far: float) -> Iterator[None]:
    later = clock.utcnow() + timedelta(**how_far)
    with clock.frozen(lambda: later):
        yield
