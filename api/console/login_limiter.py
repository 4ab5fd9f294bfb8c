"""Slows down guessing of passwords: after five failures for a name and address, a minute's wait."""

import threading
from datetime import datetime, timedelta

from fastapi import FastAPI

from monitor.clock import utcnow
from monitor.errors import TooManyAttempts

FAILURES = 5
WAIT = timedelta(seconds=60)
# Made-up names must not fill the memory.
_REMEMBERED = 10_000

Key = tuple[str, str]


class LoginLimiter:
    """Remembers failures of one process; a restart forgets them, which costs a guesser nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[Key, list[datetime]] = {}

    def check(self, key: Key) -> None:
        """Raise `TooManyAttempts` while `key` has to wait."""
        with self._lock:
            if len(self._recent(key)) >= FAILURES:
                raise TooManyAttempts(
                    "Terlalu banyak percobaan masuk. Tunggu satu menit, lalu coba lagi."
                )

    def record_failure(self, key: Key) -> None:
        with self._lock:
            if len(self._failures) >= _REMEMBERED:
                self._failures = {k: self._recent(k) for k in self._failures if self._recent(k)}
            self._failures[key] = [*self._recent(key), utcnow()][-FAILURES:]

    def forget(self, key: Key) -> None:
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: Key) -> list[datetime]:
        """The failures that still count: none, once a minute has passed since the last."""
        failures = self._failures.get(key, [])
        return failures if failures and utcnow() - failures[-1] < WAIT else []


def limiter_of(app: FastAPI) -> LoginLimiter:
    limiter: LoginLimiter | None = getattr(app.state, "login_limiter", None)
    if limiter is None:
        limiter = app.state.login_limiter = LoginLimiter()
    return limiter
