"""`/v1/cases` and what belongs to them, as a partner and a reviewer meet them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.auth import CSRF_HEADER, SESSION_COOKIE
from monitor.access import people
from monitor.clock import utcnow
from monitor.domain import Role, Scope
from monitor.runtime import Runtime
from tests.builders import make_post
from tests.clock import moved_on
from tests.steps import PASSWORD, open_cases, score_all, take_in

Auth = Callable[..., dict[str, str]]
Add = Callable[[str, Role], str]


def sign_in(client: TestClient, runtime: Runtime, name: str) -> dict[str, str]:
    """Return headers of a person signed in to the console."""
    with runtime.database.write() as connection:
        user = people.check_password(connection, name, PASSWORD)
        token = people.start_session(connection, user, timedelta(hours=1))
        session = people.find_session(connection, token, utcnow())
    assert session is not None
    return {"Cookie": f"{SESSION_COOKIE}={token}", CSRF_HEADER: session.csrf_token}


def test_a_case_carries_what_the_contract_promises(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    post = make_post()
    open_cases(runtime, post)
    answer = client.get("/v1/cases/K-000001", headers=auth(Scope.CASES_READ))
    case = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert (case["id"], case["version"], case["status"]) == ("K-000001", 1, "new")
    assert case["post"] == post
    assert case["post"]["author"]["handle"] == "bu_guru_sari"
    assert case["prediction"]["flag"] is True
    assert case["sample"] is False
    assert (case["region"], case["region_name"]) == ("33.14", "Kabupaten Sragen")
    assert case["evidence"][0]["kind"] == "post_as_received"
    assert case["legal"][0]["stage"] == "Pilkada 2024, masa kampanye"
    assert case["legal"][0]["code"].startswith("DS-")
    headers = auth(Scope.CASES_READ)
    assert client.get("/v1/cases/1", headers=headers).json() == case
    unchanged = client.get("/v1/cases/1", headers={**headers, "If-None-Match": '"1"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert client.get("/v1/cases/1", headers={**headers, "If-None-Match": '"0"'}).json() == case


def test_the_list_pages_without_gaps_or_repeats(
    client: TestClient, auth: Auth, runtime: Runtime
) -> None:
    open_cases(runtime, *(make_post() for _ in range(5)))
    headers = auth(Scope.CASES_READ)
    seen: list[str] = []
    cursor = ""
    while True:
        params = {"limit": "2", "cursor": cursor}
        page = client.get("/v1/cases", params=params, headers=headers).json()
        seen += [case["id"] for case in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
        if len(seen) == 2:
            # Written in the middle of the walk: it may come, but disturbs nothing.
            open_more(runtime)
    assert len(seen) == len(set(seen))
    assert {f"K-{n:06d}" for n in range(1, 6)} <= set(seen)


def open_more(runtime: Runtime) -> None:
    take_in(runtime, make_post())
    score_all(runtime)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, 2),
        ({"status": "new"}, 2),
        ({"status": "confirmed"}, 0),
        ({"region": "33"}, 1),
        ({"region": "33.14"}, 1),
        ({"region": "3"}, 0),
        ({"q": "BU_GURU"}, 2),
        ({"q": "100%"}, 0),
        ({"min_risk": "1"}, 0),
        ({"posted_after": "2024-10-05T12:19:59Z"}, 2),
        ({"posted_after": "2024-10-05T12:20:00Z"}, 0),
        ({"posted_after": "9999-12-31T23:59:59-12:00"}, 0),
        ({"posted_after": "0001-01-01T00:00:00+12:00"}, 2),
        ({"sample": "true"}, 0),
        ({"assigned_to": "ani"}, 0),
    ],
)
def test_filters(
    client: TestClient, auth: Auth, runtime: Runtime, params: dict[str, str], found: int
) -> None:
    elsewhere = make_post()
    elsewhere["author"] = {**elsewhere["author"], "location": "Pinrang"}
    open_cases(runtime, make_post(), elsewhere)
    answer = client.get("/v1/cases", params=params, headers=auth(Scope.CASES_READ))
    assert len(answer.json()["items"]) == found


@pytest.mark.parametrize(
    "params",
    [
        {"cursor": "bukan-cursor"},
        {"limit": "0"},
        {"limit": "1000"},
        {"status": "rahasia"},
        {"min_risk": "2"},
        {"posted_after": "kemarin"},
        {"posted_after": "2024-10-05T12:20:00"},
        {"q": "a\x00"},
    ],
)
def test_bad_filters_are_named(client: TestClient, auth: Auth, params: dict[str, str]) -> None:
    answer = client.get("/v1/cases", params=params, headers=auth(Scope.CASES_READ))
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_claim_decide_conflict_undo(client: TestClient, auth: Auth, runtime: Runtime) -> None:
    open_cases(runtime, make_post())
    headers = auth(Scope.CASES_WRITE, name="petugas-a")
    other = auth(Scope.CASES_WRITE, name="petugas-b")
    case = client.post("/v1/cases/claim", headers=headers).json()
    assert (case["status"], case["assigned_to"]) == ("leased", "petugas-a")
    assert case["lease_until"]
    assert client.post("/v1/cases/claim", headers=other).status_code == 204
    path = f"/v1/cases/{case['id']}/decisions"
    body = {"decision": "confirm", "version": case["version"], "acts": ["PHOTO_PROPS"]}
    assert client.post(path, json=body, headers=other).json()["code"] == "case_leased"
    decision = client.post(path, json=body, headers=headers)
    assert decision.status_code == 201
    assert decision.json()["via_key"] is True
    again = client.post(path, json={**body, "decision": "escalate"}, headers=other)
    assert (again.status_code, again.json()["code"]) == (409, "version_conflict")
    assert again.json()["current"]["decision"] == "confirm"
    assert again.json()["yours"]["decision"] == "escalate"
    assert client.get(f"/v1/cases/{case['id']}", headers=auth(Scope.CASES_READ)).json()["act"] == (
        "PHOTO_PROPS"
    )
    undone = client.delete(f"{path}/{decision.json()['id']}", headers=headers).json()
    assert (undone["status"], undone["act"]) == ("new", case["act"])


def test_lease_is_renewed_and_released(client: TestClient, auth: Auth, runtime: Runtime) -> None:
    open_cases(runtime, make_post())
    headers = auth(Scope.CASES_WRITE)
    case = client.post("/v1/cases/claim", headers=headers).json()
    with moved_on(minutes=10):
        renewed = client.post(f"/v1/cases/{case['id']}/renew", headers=headers).json()
    assert renewed["lease_until"] > case["lease_until"]
    assert renewed["version"] == case["version"]
    released = client.post(f"/v1/cases/{case['id']}/release", headers=headers).json()
    assert (released["status"], released["assigned_to"]) == ("new", None)
    gone = client.post(f"/v1/cases/{case['id']}/renew", headers=headers)
    assert gone.status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "dismiss", "version": 1},
        {"decision": "hukum", "version": 1},
        {"decision": "confirm"},
        {"decision": "confirm", "version": "satu"},
        {"decision": "confirm", "version": 2**63},
        {"decision": "confirm", "version": 1, "acts": ["TERBANG"]},
        {"decision": "confirm", "version": 1, "note": "a\x00"},
        {"decision": "confirm", "version": 1, "note": "a" * 4001},
        {"decision": "confirm", "version": 1, "catatan": "salah nama"},
    ],
)
def test_a_bad_decision_changes_nothing(
    client: TestClient, auth: Auth, runtime: Runtime, body: dict[str, Any]
) -> None:
    open_cases(runtime, make_post())
    answer = client.post("/v1/cases/K-000001/decisions", json=body, headers=auth(Scope.CASES_WRITE))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    case = client.get("/v1/cases/K-000001", headers=auth(Scope.CASES_READ)).json()
    assert (case["version"], case["decisions"]) == (1, [])


def test_two_people_approve_and_a_key_cannot(
    client: TestClient, auth: Auth, runtime: Runtime, add_person: Add
) -> None:
    open_cases(runtime, make_post())
    add_person("ani", Role.ANALYST)
    add_person("budi", Role.SUPERVISOR)
    ani, budi = (sign_in(client, runtime, name) for name in ("ani", "budi"))
    path = "/v1/cases/K-000001"
    body = {"decision": "confirm", "version": 1}
    assert client.post(f"{path}/decisions", json=body, headers=ani).status_code == 201
    approval = {"version": 2, "note": "cukup bukti"}
    key = auth(Scope.CASES_WRITE, reviewer="budi")
    for headers in (ani, key):
        refused = client.post(f"{path}/approvals", json=approval, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    approved = client.post(f"{path}/approvals", json=approval, headers=budi)
    assert (approved.status_code, approved.json()["status"]) == (201, "approved")


def test_a_session_without_its_csrf_token_writes_nothing(
    client: TestClient, runtime: Runtime, add_person: Add
) -> None:
    open_cases(runtime, make_post())
    headers = sign_in(client, runtime, add_person("ani", Role.ANALYST))
    del headers[CSRF_HEADER]
    assert client.get("/v1/cases", headers=headers).status_code == 200
    assert client.post("/v1/cases/claim", headers=headers).status_code == 403


def test_a_case_that_does_not_exist(client: TestClient, auth: Auth) -> None:
    headers = auth(Scope.CASES_READ)
    for name in ("K-000404", "404", "abc", "9" * 30, "-1"):
        answer = client.get(f"/v1/cases/{name}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_auditor_reads_and_writes_nothing(
    client: TestClient, runtime: Runtime, add_person: Add
) -> None:
    headers = sign_in(client, runtime, add_person("cici", Role.AUDITOR))
    assert client.get("/v1/cases", headers=headers).status_code == 200
    assert client.post("/v1/posts", json=make_post(), headers=headers).status_code == 403
    assert client.post("/v1/cases/claim", headers=headers).status_code == 403
