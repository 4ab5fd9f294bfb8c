"""Least time between two requests to one host, across all threads of a client."""

import threading
import time

from monitor.clock import monotonic
from monitor.errors import NetworkTimeout

# Hosts whose turn has passed are forgotten when there are more than this.
_REMEMBERED = 1000


class Pace:
    def __init__(self, longest_wait: float) -> None:
        self._longest_wait = longest_wait
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def wait(self, host: str, least_seconds: float) -> float:
        """Wait for a turn at this host and return how long it took."""
        delay = self._take_turn(host, least_seconds)
        if delay > 0:
            time.sleep(delay)
        return delay

    def _take_turn(self, host: str, least_seconds: float) -> float:
        # Turns are given out under the lock and waited for outside it: threads queue up, each
        # behind the one before, and hosts never wait for each other.
        with self._lock:
            now = monotonic()
            turn = max(now, self._next.get(host, now))
            if turn - now > self._longest_wait:
                raise NetworkTimeout(
                    f"Giliran berikutnya untuk {host} baru {turn - now:.0f} detik lagi. Jadwalkan"
                    " sumber ini lebih jarang atau kurangi sumber di situs yang sama."
                )
            if least_seconds > 0:
                self._next[host] = turn + least_seconds
            if len(self._next) > _REMEMBERED:
                self._next = {name: at for name, at in self._next.items() if at > now}
            return turn - now
