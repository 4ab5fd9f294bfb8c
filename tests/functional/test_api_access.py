"""Every route of v1: refused without a key, with the wrong scope, with a revoked key; one shape."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from monitor.access import keys
from monitor.cli.console import OPERATOR
from monitor.domain import Scope
from monitor.runtime import Runtime

Auth = Callable[..., dict[str, str]]

ROUTES = {
    ("POST", "/v1/posts"): Scope.POSTS_WRITE,
    ("POST", "/v1/predict"): Scope.POSTS_WRITE,
    ("GET", "/v1/cases"): Scope.CASES_READ,
    ("GET", "/v1/cases/{case_id}"): Scope.CASES_READ,
    ("POST", "/v1/cases/claim"): Scope.CASES_WRITE,
    ("POST", "/v1/cases/{case_id}/renew"): Scope.CASES_WRITE,
    ("POST", "/v1/cases/{case_id}/release"): Scope.CASES_WRITE,
    ("POST", "/v1/cases/{case_id}/decisions"): Scope.CASES_WRITE,
    ("DELETE", "/v1/cases/{case_id}/decisions/{decision_id}"): Scope.CASES_WRITE,
    ("POST", "/v1/cases/{case_id}/approvals"): Scope.CASES_WRITE,
    ("GET", "/v1/alerts"): Scope.ALERTS_READ,
}


# The public door: open to everybody, and a key that is sent must still be good.
OPEN_ROUTES = {("POST", "/v1/reports"), ("GET", "/v1/reports/{ticket}")}


def call(client: TestClient, route: tuple[str, str], headers: dict[str, str]) -> tuple[int, str]:
    method, path = route
    path = path.replace("{case_id}", "K-000001").replace("{decision_id}", "1")
    body = {"decision": "confirm", "version": 1} if path.endswith("decisions") else {"version": 1}
    json = body if method == "POST" else None
    answer = client.request(method, path, headers=headers, json=json)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= {"type", "status", "code", "title", "detail"}
    return answer.status_code, answer.json()["code"]


def test_the_table_above_is_complete(runtime: Runtime) -> None:
    paths = create_app(runtime).openapi()["paths"]
    found = {
        (method.upper(), path)
        for path, methods in paths.items()
        if path.startswith("/v1/")
        for method in methods
    }
    assert found == set(ROUTES) | OPEN_ROUTES


@pytest.mark.parametrize("route", list(ROUTES))
def test_refused_without_the_right(
    client: TestClient, auth: Auth, runtime: Runtime, route: tuple[str, str]
) -> None:
    others = [scope for scope in Scope if scope is not ROUTES[route]]
    assert call(client, route, {}) == (401, "not_authenticated")
    assert call(client, route, {"Authorization": "Bearer ntr_salah"})[0] == 401
    assert call(client, route, auth(*others)) == (403, "not_allowed")
    revoked = auth(ROUTES[route], name="dicabut")
    with runtime.database.write() as connection:
        keys.revoke_key(connection, "dicabut", by=OPERATOR)
    assert call(client, route, revoked)[0] == 401


def test_an_unknown_address_is_a_problem_document(client: TestClient) -> None:
    answer = client.get("/v1/tidak-ada")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_pages_and_answers_stay_to_themselves(client: TestClient) -> None:
    headers = client.get("/healthz").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_health_readiness_metrics_and_openapi(client: TestClient, runtime: Runtime) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"]["model"]["version"] == runtime.classifier.get().model_version
    assert "netra_database_up 1.0" in client.get("/metrics").text
    document = client.get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "PostIn" in document["components"]["schemas"]
