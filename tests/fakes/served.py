"""A process that collects from a local HTTP server with a clock that runs fast; for kills.

`python -m tests.fakes.served SPEED BEGAN` does what a worker does, without scoring.
"""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

from monitor import clock, log
from monitor.collectors import KINDS
from monitor.collectors.base import Collector, Cursor, Kind, Option, Page, Tools
from monitor.collectors.trouble import answered
from monitor.domain import Source
from monitor.runtime import open_runtime
from monitor.settings import load_settings
from monitor.worker.collecting import CollectPool

KIND = "tersaji"


class ServedCollector:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        after, more = int(cursor.get("after", 0)), True
        while more:
            answer = self._tools.net.get(source.options["url"], params={"after": str(after)})
            body = answered(answer, self._tools.now()).json()
            after, more = body["next"], body["more"]
            if body["items"]:
                yield Page(body["items"], {"after": after})


def make(tools: Tools) -> Collector:
    return ServedCollector(tools)


SERVED = Kind(
    name=KIND,
    title="Tersaji",
    platform="other",
    build=make,
    options=(Option("url", "Alamat", required=True),),
    least_seconds=1,
)


def main(speed: float, began: float) -> None:
    cast("dict[str, Kind]", KINDS)[KIND] = SERVED
    start = datetime.fromtimestamp(began, UTC)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with clock.frozen(lambda: start + timedelta(seconds=(time.time() - began) * speed)):
        settings = load_settings()
        log.configure(settings.log_level)
        pool = CollectPool(open_runtime(settings), stopping)
        sys.stderr.write("berjalan\n")
        sys.stderr.flush()
        while not stopping.wait(0.05):
            pool.fill()
        pool.stop()


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
