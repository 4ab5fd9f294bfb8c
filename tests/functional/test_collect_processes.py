"""Real processes that collect from a real server: killed three times, stopped cleanly, shared."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

import pytest
from sqlalchemy import func, select

from monitor.collectors import KINDS
from monitor.collectors.base import Kind
from monitor.pipeline.source_plan import SourcePlan
from monitor.pipeline.sources import add_source
from monitor.storage.coverage import list_hours
from monitor.storage.migrate import migrate
from monitor.storage.tables import marks, sources
from monitor.storage.unit_of_work import Database
from monitor.worker.collecting import AT_ONCE
from tests.builders import make_citizen_post
from tests.fakes.served import KIND, SERVED
from tests.functional.service import wait_until
from tests.http_server import LocalServer, Received, Reply, json_reply, local_server

ROOT = Path(__file__).resolve().parents[2]
# A minute of Netra's clock, and so the claim of a dead process, lasts six seconds: a page is stored
# well within it, also on a busy machine.
SPEED = 10
PATIENCE = 240
NAMES = [f"s{n}" for n in range(12)]
PAGE = 5


class Site:
    """Serves each source's posts by number and remembers which pages it gave."""

    def __init__(self, slow: float = 0) -> None:
        self.posts: dict[str, int] = dict.fromkeys(NAMES, 0)
        self.pages: Counter[tuple[str, int, int]] = Counter()
        self.requests = 0
        self.breaks_until = 60
        self._slow = slow
        self._lock = threading.Lock()

    def answer(self, request: Received) -> Reply:
        time.sleep(self._slow)
        with self._lock:
            self.requests += 1
            broken = self._broken() if self.requests < self.breaks_until else None
            if broken is not None:
                return broken
            name = request.path.strip("/")
            after = int(parse_qs(request.query)["after"][0])
            until = min(after + PAGE, self.posts[name])
            if until > after:
                self.pages[name, after, until - after] += 1
            items = [make_citizen_post(id=f"{name}-{n}") for n in range(after, until)]
            return json_reply({"items": items, "next": until, "more": until < self.posts[name]})

    def publish(self) -> None:
        with self._lock:
            for name in NAMES:
                self.posts[name] += 7

    def _broken(self) -> Reply | None:
        if self.requests % 11 == 0:
            return Reply(503, b"sebentar")
        if self.requests % 17 == 0:
            return Reply(429, b"", {"Retry-After": "20"})
        if self.requests % 19 == 0:
            return Reply(200, b'{"items": [{"id": "s0-', {"Content-Type": "application/json"})
        return None


class Installation:
    def __init__(self, database: Database, environment: dict[str, str], told: Path) -> None:
        self.database = database
        # What the processes say, for when one dies.
        self.told = told
        self._environment = {**environment, "NETRA_ALLOW_PRIVATE_ADDRESSES": "1"}
        self._began = time.time()

    def add(self, site: LocalServer, every: int) -> None:
        for name in NAMES:
            with self.database.write() as connection:
                plan = SourcePlan(options={"url": f"{site.url}/{name}"}, every_seconds=every)
                add_source(connection, name, KIND, plan)

    @contextmanager
    def collecting(self) -> Iterator["subprocess.Popen[bytes]"]:
        command = [sys.executable, "-m", "tests.fakes.served", str(SPEED), str(self._began)]
        with self.told.open("ab") as stderr:
            process = subprocess.Popen(command, env=self._environment, cwd=ROOT, stderr=stderr)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def count(self, statement: Any) -> int:
        with self.database.read() as connection:
            return int(connection.execute(statement).scalar_one())

    def taken(self) -> int:
        return self.count(select(func.count()).select_from(marks))

    def ledger(self) -> Counter[str]:
        found: Counter[str] = Counter()
        with self.database.read() as connection:
            for hour in list_hours(connection, datetime(2020, 1, 1, tzinfo=UTC)):
                found.update({n: getattr(hour, n) for n in ("got", "new", "cost", "failed")})
        return found


@pytest.fixture
def installation(
    database_url: str,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Installation]:
    monkeypatch.setitem(cast("dict[str, Kind]", KINDS), KIND, SERVED)
    database = Database(database_url)
    migrate(database)
    yield Installation(database, environment, tmp_path / "processes.log")
    database.dispose()


def new_pages(site: Site) -> Callable[[], bool]:
    start = site.pages.total()
    return lambda: site.pages.total() > start + 4


def test_three_kills_lose_and_double_nothing(installation: Installation) -> None:
    site = Site()
    with local_server() as server:
        server.route("*", site.answer)
        installation.add(server, every=60)
        for _ in range(3):
            site.publish()
            with installation.collecting() as process:
                wait_until(new_pages(site), PATIENCE)
                process.send_signal(signal.SIGKILL)
                process.wait(10)
        site.publish()
        published = sum(site.posts.values())
        assert installation.taken() < published, "the kills must hit the middle"
        with installation.collecting(), installation.collecting():
            wait_until(lambda: installation.taken() == published, PATIENCE)
    ledger = installation.ledger()
    assert ledger["new"] == ledger["got"] == published == 12 * 28
    # Given and not in the ledger are only pages whose process had died with them in its hands.
    assert 0 <= site.pages.total() - ledger["cost"] <= 3 * AT_ONCE
    assert ledger["failed"] > 0


def test_a_clean_stop_stores_the_page_under_way_and_lets_go(installation: Installation) -> None:
    site = Site(slow=0.3)
    site.breaks_until = 0
    for _ in range(10):
        site.publish()
    with local_server() as server:
        server.route("*", site.answer)
        installation.add(server, every=86_400)
        with installation.collecting() as process:
            wait_until(new_pages(site), PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    assert installation.taken() == installation.ledger()["got"] < sum(site.posts.values())
    assert installation.ledger()["cost"] == site.pages.total()
    held = select(func.count()).where(sources.c.claim_token.is_not(None))
    assert installation.count(held) == 0
