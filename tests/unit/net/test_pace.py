"""Pace: turns at one host are handed out one after the other, also to threads."""

import threading
import time

import pytest

from monitor.errors import NetworkTimeout
from monitor.net.pace import Pace


def test_threads_queue_up_for_one_host() -> None:
    pace, waits = Pace(5.0), []
    began = time.monotonic()
    threads = [
        threading.Thread(target=lambda: waits.append(pace.wait("h.org", 0.2))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began > 0.59
    assert len(waits) == 4
    assert max(waits) < 0.61


def test_hosts_do_not_wait_for_each_other() -> None:
    pace = Pace(5.0)
    assert pace.wait("a.org", 5.0) == 0
    assert pace.wait("b.org", 5.0) == 0


def test_a_turn_too_far_away_is_refused_and_not_taken() -> None:
    pace = Pace(1.0)
    pace.wait("a.org", 60.0)
    for _ in range(3):
        with pytest.raises(NetworkTimeout, match=r"60 detik|59 detik"):
            pace.wait("a.org", 60.0)


def test_hosts_whose_turn_is_over_are_forgotten() -> None:
    pace = Pace(1.0)
    for number in range(5000):
        pace.wait(f"h{number}.org", 1e-9)
    assert len(pace._next) <= 1001
