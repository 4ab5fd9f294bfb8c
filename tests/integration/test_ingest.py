"""Taking posts in: what the gate stops is counted and forgotten, nothing is counted twice."""

import pytest
from sqlalchemy import func, select, text

from monitor.domain import PostState
from monitor.pipeline.ingest import ItemStatus
from monitor.pipeline.retention import run_retention
from monitor.runtime import Runtime
from monitor.storage.counts import sum_counts
from monitor.storage.tables import marks, posts
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
    for case in queue(runtime):
        assert case.post == post


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


def _dump(runtime: Runtime) -> str:
    """Everything the database holds, as text."""
    with runtime.database.read() as connection:
        tables = ("posts", "marks", "counts", "predictions", "cases", "evidence", "log", "alerts")
        rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables]
    return str(rows)
