"""Taking posts in: what the gate stops is counted and forgotten, nothing is counted twice."""

import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.app import create_app
from monitor.domain import PostState, Scope
from monitor.pipeline.ingest import IngestOutcome, ItemStatus
from monitor.pipeline.retention import run_retention
from monitor.runtime import Runtime
from monitor.storage.counts import sum_counts
from monitor.storage.tables import marks, metadata, posts
from tests.builders import make_citizen_post, make_neutral_asn_post, make_post
from tests.clock import moved_on
from tests.steps import queue, score_all, take_in


def count(runtime: Runtime, table: object) -> int:
    with runtime.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_a_citizens_post_leaves_only_a_mark_and_a_count(runtime: Runtime) -> None:
    post = make_citizen_post(text="coblos nomor 2 sampai menang, kalimat yang khas sekali")
    outcome = take_in(runtime, post)
    assert (outcome.new, outcome.passed_gate) == (1, 0)
    assert count(runtime, posts) == 0
    assert count(runtime, marks) == 1
    assert "khas sekali" not in _dump(runtime)
    assert post["id"] not in _dump(runtime)
    with runtime.database.read() as connection:
        assert sum_counts(connection)["stopped_at_gate"] == 1


def test_the_same_post_is_new_once(runtime: Runtime) -> None:
    asn, citizen = make_post(), make_citizen_post()
    first = take_in(runtime, asn, citizen, dict(asn), dict(citizen))
    again = take_in(runtime, asn, citizen)
    assert (first.new, first.duplicate) == (2, 2)
    assert (again.new, again.duplicate) == (0, 2)
    assert [item.status for item in again.items] == [ItemStatus.DUPLICATE] * 2


def test_the_same_id_on_another_platform_is_another_post(runtime: Runtime) -> None:
    post = make_post()
    outcome = take_in(runtime, post, {**post, "platform": "x"})
    assert outcome.new == 2


def test_a_bad_item_is_named_and_the_others_go_on(runtime: Runtime) -> None:
    outcome = take_in(runtime, make_post(), {"id": "b"}, 7, make_post(text=5), make_post())
    assert [item.status for item in outcome.items] == [
        "accepted",
        "refused",
        "refused",
        "refused",
        "accepted",
    ]
    assert outcome.items[1].field == "platform"
    assert outcome.items[3].field == "text"
    assert outcome.refused == 3


@pytest.mark.parametrize("posted_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_date_at_the_edge_of_time_never_refuses_a_post(runtime: Runtime, posted_at: str) -> None:
    outcome = take_in(runtime, make_post(posted_at=posted_at))
    assert outcome.new == 1
    assert score_all(runtime) == 1


@pytest.mark.parametrize("posted_at", ["2999-01-01T00:00:00+07:00", "kemarin", 5])
def test_a_doubtful_date_is_kept_and_shown(runtime: Runtime, posted_at: object) -> None:
    take_in(runtime, make_post(posted_at=posted_at))
    score_all(runtime)
    assert queue(runtime)[0].date_doubtful


def test_hard_text_comes_back_exactly_as_it_came(runtime: Runtime) -> None:
    text = "coblos 02 \x00 \u202ekiri\u202c 🇮🇩👍🏽 e\u0301 " + "a" * 19_900
    post = make_post(text=text[:20_000])
    take_in(runtime, post)
    score_all(runtime)
    with runtime.database.read() as connection:
        stored = connection.execute(select(posts.c.received)).scalar_one()
    assert "\\u0000" in stored
    assert orjson.loads(stored) == post


def test_unflagged_posts_become_marks_after_seven_days(runtime: Runtime) -> None:
    post = make_neutral_asn_post()
    take_in(runtime, post)
    assert score_all(runtime) == 0
    with runtime.database.read() as connection:
        assert connection.execute(select(posts.c.state)).scalar_one() == PostState.UNFLAGGED
    with moved_on(days=6), runtime.database.write() as connection:
        assert run_retention(connection, runtime.key).posts == 0
    with moved_on(days=8), runtime.database.write() as connection:
        assert run_retention(connection, runtime.key).posts == 1
    assert take_in(runtime, post).duplicate == 1
    with moved_on(days=40), runtime.database.write() as connection:
        assert run_retention(connection, runtime.key).marks == 1


def test_flagged_posts_stay_with_their_case(runtime: Runtime) -> None:
    take_in(runtime, make_post())
    assert score_all(runtime) == 1
    with moved_on(days=400), runtime.database.write() as connection:
        run_retention(connection, runtime.key)
    assert len(queue(runtime)) == 1


def test_nothing_of_a_citizen_stays_in_kept_answers(
    runtime: Runtime, auth: Callable[..., dict[str, str]]
) -> None:
    headers = {**auth(Scope.POSTS_WRITE), "Idempotency-Key": "sekali"}
    citizen = make_citizen_post(id="rojali-pribadi-1")
    retired = make_post(id="pensiun-1", author={"bio": "Pensiunan PNS, momong putu"})
    with TestClient(create_app(runtime)) as client:
        client.post("/v1/predict", json=[citizen, retired], headers=headers)
        first = client.post("/v1/posts", json=[citizen, {"id": 5}, retired], headers=headers)
        score_all(runtime)
        again = client.post("/v1/posts", json=[citizen, {"id": 5}, retired], headers=headers)
    assert again.json() == first.json()
    for word in ("rojali", "pensiun", "momong"):
        assert word not in _dump(runtime)


def test_a_post_nested_too_deeply_is_refused_and_the_others_go_on(runtime: Runtime) -> None:
    nested: Any = "dasar"
    for _ in range(300):
        nested = {"d": nested}
    for deep in (make_post(extra=nested), make_citizen_post(extra=nested)):
        outcome = take_in(runtime, deep, make_post())
        assert [item.status for item in outcome.items] == ["refused", "accepted"]


def test_two_imports_of_the_same_posts_count_each_once(runtime: Runtime) -> None:
    kinds = (make_post, make_citizen_post)
    items = [kinds[n % 2](id=f"dua-{n}") for n in range(300)]
    outcomes: list[IngestOutcome] = []

    def run(order: int) -> None:
        for start in range(0, 300, 50):
            outcomes.append(take_in(runtime, *items[start : start + 50][::order]))

    threads = [threading.Thread(target=run, args=(order,)) for order in (1, -1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome.new for outcome in outcomes) == 300
    assert sum(outcome.duplicate for outcome in outcomes) == 600
    with runtime.database.read() as connection:
        assert sum_counts(connection)["stopped_at_gate"] == 150


def _dump(runtime: Runtime) -> str:
    """Everything the database holds, as text."""
    with runtime.database.read() as connection:
        rows = [connection.execute(select(table)).all() for table in metadata.tables.values()]
    return str(rows)
