"""The alert feed: gapless, nameless until two people agree, silent about what was undone."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from monitor.alerts.outbox import publish_due
from monitor.domain import DecisionKind, Scope
from monitor.review import decisions
from monitor.review.queues import get_case
from monitor.runtime import Runtime
from tests.builders import make_post
from tests.clock import moved_on
from tests.steps import add_reviewer, open_cases, opinion

Auth = Callable[..., dict[str, str]]
PERSONAL = ("bu_guru_sari", "Sari Wulandari", "menangkan", "SDN 3")


def read(client: TestClient, headers: dict[str, str], after: int = 0, limit: int = 50) -> Any:
    params = {"after": str(after), "limit": str(limit)}
    return client.get("/v1/alerts", params=params, headers=headers).json()


def publish(runtime: Runtime) -> None:
    with runtime.database.write() as connection:
        publish_due(connection)


def test_numbers_have_no_gaps_and_name_nobody(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    open_cases(runtime, *(make_post() for _ in range(3)))
    headers = auth(Scope.ALERTS_READ, Scope.ALERTS_PERSONAL)
    feed = read(client, headers)
    assert [item["seq"] for item in feed["items"]] == [1, 2, 3]
    assert {item["type"] for item in feed["items"]} == {"case.opened"}
    assert feed["next_cursor"] is None
    assert feed["items"][0]["data"]["case_id"] == "K-000001"
    assert feed["items"][0]["data"]["model_version"]
    assert not any(word in str(feed) for word in PERSONAL)
    first = read(client, headers, limit=2)
    assert first["next_cursor"] == "2"
    assert [i["seq"] for i in read(client, headers, after=2)["items"]] == [3]


def test_a_decision_leaves_after_the_undo_window(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    with runtime.database.write() as connection:
        decisions.decide(connection, ani, case.id, opinion(case))
    publish(runtime)
    headers = auth(Scope.ALERTS_READ)
    assert len(read(client, headers)["items"]) == 1
    with moved_on(seconds=11):
        publish(runtime)
    item = read(client, headers)["items"][1]
    assert (item["type"], item["data"]["decision"]) == ("case.decided", "confirm")


def test_what_was_undone_never_leaves(client: TestClient, auth: Auth, runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    with runtime.database.write() as connection:
        decision = decisions.decide(
            connection, ani, case.id, opinion(case, DecisionKind.DISMISS, "berita")
        )
        decisions.undo(connection, ani, case.id, decision.id)
    with moved_on(seconds=60):
        publish(runtime)
    assert [i["type"] for i in read(client, auth(Scope.ALERTS_READ))["items"]] == ["case.opened"]


def test_the_person_travels_from_approval_on_and_only_to_the_right_keys(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    case = open_cases(runtime, make_post())[0]
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    with runtime.database.write() as connection:
        decisions.decide(connection, ani, case.id, opinion(case))
        version = get_case(connection, case.id).version
        decisions.approve(connection, budi, case.id, version=version, note="")
    plain = read(client, auth(Scope.ALERTS_READ))["items"]
    assert [i["type"] for i in plain] == ["case.opened", "case.decided", "case.approved"]
    assert not any(word in str(plain) for word in PERSONAL)
    personal = read(client, auth(Scope.ALERTS_READ, Scope.ALERTS_PERSONAL))["items"]
    assert personal[2]["data"]["post"]["author"]["handle"] == "bu_guru_sari"
    assert not any(word in str(personal[:2]) for word in PERSONAL)
