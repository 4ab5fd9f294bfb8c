"""`/v1/posts` and `/v1/predict`: statuses per item, nothing told of the gate, nothing kept."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from monitor.domain import Scope
from monitor.runtime import Runtime
from monitor.storage.tables import marks, posts
from tests.builders import make_citizen_post, make_neutral_asn_post, make_post
from tests.steps import queue, score_all

Auth = Callable[..., dict[str, str]]


def rows(runtime: Runtime) -> int:
    with runtime.database.read() as connection:
        found = [connection.execute(select(func.count()).select_from(t)) for t in (posts, marks)]
        return sum(int(result.scalar_one()) for result in found)


def test_a_single_post_is_accepted_and_becomes_a_case(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    post = make_post()
    answer = client.post("/v1/posts", json=post, headers=auth(Scope.POSTS_WRITE))
    assert answer.status_code == 202
    assert answer.json()["items"] == [{"id": post["id"], "status": "accepted"}]
    assert score_all(runtime) == 1
    assert queue(runtime)[0].post == post


def test_a_single_malformed_post_is_422(client: TestClient, auth: Auth) -> None:
    answer = client.post(
        "/v1/posts", json={"id": "a", "platform": "x"}, headers=auth(Scope.POSTS_WRITE)
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "post_refused"
    assert answer.json()["field"] == "text"


def test_an_array_gets_a_status_per_item(client: TestClient, auth: Auth) -> None:
    asn, citizen = make_post(), make_citizen_post()
    items = [asn, citizen, asn, {"id": "x"}, make_post(likes=-1), None]
    answer = client.post("/v1/posts", json=items, headers=auth(Scope.POSTS_WRITE)).json()
    statuses = [item["status"] for item in answer["items"]]
    assert statuses == ["accepted", "accepted", "duplicate", "refused", "refused", "refused"]
    assert answer["items"][4]["field"] == "likes"
    assert (answer["accepted"], answer["duplicate"], answer["refused"]) == (2, 1, 3)


def test_whether_a_post_passed_the_gate_is_not_told(client: TestClient, auth: Auth) -> None:
    headers = auth(Scope.POSTS_WRITE)
    asn = client.post("/v1/posts", json=make_post(id="sama"), headers=headers)
    citizen = client.post("/v1/posts", json=make_citizen_post(id="lain"), headers=headers)
    assert asn.json() == {**citizen.json(), "items": [{"id": "sama", "status": "accepted"}]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"bukan json", 422),
        (b"", 422),
        (b"[]", 422),
        (b'"teks"', 422),
        (b"[" * 5000 + b"]" * 5000, 422),
        (b'{"id": "a", "platform": "x", "text": "\\ud800"}', 422),
        (b'{"id": "a", "platform": "x", "text": "\xff"}', 422),
        (b" " * (5 * 1024 * 1024), 413),
    ],
)
def test_rubbish_is_refused_with_a_problem_document(
    client: TestClient, auth: Auth, body: bytes, status: int
) -> None:
    headers = {**auth(Scope.POSTS_WRITE), "Content-Type": "application/json"}
    answer = client.post("/v1/posts", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"]


def test_more_than_a_thousand_are_refused_whole(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    items = [{"id": str(n), "platform": "x", "text": "a"} for n in range(1001)]
    answer = client.post("/v1/posts", json=items, headers=auth(Scope.POSTS_WRITE))
    assert answer.status_code == 422
    assert rows(runtime) == 0


def test_predict_keeps_nothing_and_always_gates(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    headers = auth(Scope.POSTS_WRITE)
    items: list[Any] = [make_post(), make_neutral_asn_post(), make_citizen_post()]
    answer = client.post("/v1/predict", json=items, headers=headers)
    assert answer.status_code == 200
    flags = [(p["flag"], p["asn"]["label"]) for p in answer.json()["items"]]
    assert flags == [(True, "explicit"), (False, "explicit"), (False, "none")]
    assert answer.json()["items"][2]["stance"] is None
    single = client.post("/v1/predict", json=items[0], headers=headers)
    assert single.json() == answer.json()["items"][0]
    assert rows(runtime) == 0


def test_predict_names_the_place_of_a_bad_post(client: TestClient, auth: Auth) -> None:
    items = [make_post(), {"id": "x", "platform": "x"}]
    answer = client.post("/v1/predict", json=items, headers=auth(Scope.POSTS_WRITE))
    assert answer.status_code == 422
    assert (answer.json()["position"], answer.json()["field"]) == (1, "text")


def test_the_same_key_gives_the_same_answer_once(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    headers = {**auth(Scope.POSTS_WRITE), "Idempotency-Key": "kirim-1"}
    post = make_post()
    first = client.post("/v1/posts", json=post, headers=headers)
    again = client.post("/v1/posts", json=post, headers=headers)
    assert again.json() == first.json()
    assert again.json()["accepted"] == 1
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post("/v1/posts", json=make_post(), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    stranger = {**auth(Scope.POSTS_WRITE), "Idempotency-Key": "kirim-1"}
    assert client.post("/v1/posts", json=post, headers=stranger).json()["duplicate"] == 1
