"""`netra run`, `serve` and `worker` as processes: filled at once, stopped cleanly, killed."""

import signal
import socket
import time
from pathlib import Path

from sqlalchemy import text

from monitor.storage.unit_of_work import Database
from tests.builders import make_citizen_post, make_neutral_asn_post, make_post
from tests.functional.conftest import Netra, write_jsonl
from tests.functional.service import running, wait_until

KINDS = (make_post, make_citizen_post, make_neutral_asn_post, make_citizen_post)


def count(database: Database, statement: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def test_run_starts_with_a_filled_queue(
    environment: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    database = Database(database_url)
    with running("run", environment, tmp_path) as service:
        ready = time.monotonic()
        wait_until(lambda: count(database, "SELECT count(*) FROM cases") > 0, 60)
        assert time.monotonic() - ready < 60
        wait_until(lambda: bool(service.get("/readyz")["checks"]["model"]["ok"]), 30)
        wait_until(lambda: count(database, "SELECT count(*) FROM cases") > 20, 60)
        assert count(database, "SELECT count(*) FROM cases WHERE NOT sample") == 0
        assert service.stop(signal.SIGTERM) == 0
    database.dispose()


def test_the_first_administrator_is_printed_once_and_the_sample_offered_once(
    netra: Netra, environment: dict[str, str], tmp_path: Path
) -> None:
    del environment["NETRA_ADMIN_PASSWORD"]
    with running("run", environment, tmp_path) as service:
        assert "kata sandi:" in service.output
    netra("sources", "remove", "contoh", "--with-posts")
    with running("run", environment, tmp_path) as service:
        assert "kata sandi:" not in service.output
    assert netra("sources", "list").out == ""


def test_a_killed_run_loses_nothing_and_doubles_nothing(
    netra: Netra, environment: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    items = [KINDS[n % 4](id=f"r{n}") for n in range(2400)]
    file = write_jsonl(tmp_path / "posts.jsonl", items)
    database = Database(database_url)
    flagged = "SELECT count(*) FROM cases WHERE NOT sample"
    with running("run", environment, tmp_path) as service:
        assert netra("import", str(file), "--later").json()["passed_gate"] == 1200
        wait_until(lambda: count(database, flagged) > 0, 60)
        service.stop(signal.SIGKILL)
    assert count(database, flagged) < 600, "the kill must hit the middle"
    assert netra("import", str(file)).json()["duplicate"] == 2400
    # What the dead worker had claimed is free again after a minute.
    with running("run", environment, tmp_path):
        pending = "SELECT count(*) FROM posts WHERE state = 'pending'"
        wait_until(lambda: count(database, pending) == 0, 120)
    assert count(database, flagged) == 600
    assert count(database, "SELECT count(*) FROM evidence") == count(
        database, "SELECT count(*) FROM cases"
    )
    assert netra("audit", "verify").json()["intact"] is True
    database.dispose()


def test_two_workers_share_the_work(
    netra: Netra, environment: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    items = [KINDS[n % 4](id=f"w{n}") for n in range(800)]
    netra("import", str(write_jsonl(tmp_path / "posts.jsonl", items)), "--later")
    database = Database(database_url)
    with running("worker", environment, tmp_path), running("worker", environment, tmp_path):
        wait_until(lambda: count(database, "SELECT count(*) FROM cases") == 200, 120)
    assert count(database, "SELECT count(*) FROM posts WHERE state = 'pending'") == 0
    assert count(database, "SELECT max(seq) FROM alerts") == 200
    assert netra("audit", "verify").json()["intact"] is True
    database.dispose()


def test_a_port_in_use_is_said_plainly(
    netra: Netra, environment: dict[str, str], tmp_path: Path
) -> None:
    with running("serve", environment, tmp_path) as service:
        environment["NETRA_PORT"] = service.url.rsplit(":", 1)[1]
        result = netra("serve")
    assert result.code == 2
    assert "NETRA_PORT" in result.err


def test_a_body_that_trickles_in_holds_up_nobody(
    netra: Netra, environment: dict[str, str], tmp_path: Path
) -> None:
    key = netra("keys", "create", "--name", "pelan", "--scopes", "posts:write").out.strip()
    with running("serve", environment, tmp_path) as service:
        host, port = service.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            head = f"POST /v1/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
            slow.sendall(f"{head}Content-Length: 1000\r\n\r\n[".encode())
            time.sleep(0.5)
            # SQLite waits half a minute for a writer; the command below must not.
            done = netra("keys", "create", "--name", "cepat", "--scopes", "posts:write")
            assert done.code == 0
            answer = service.post("/v1/posts", make_post(), done.out.strip())
            assert answer["accepted"] == 1
