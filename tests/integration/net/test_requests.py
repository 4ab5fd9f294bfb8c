"""Requests as a collector makes them: what is sent, what comes back, what is never logged."""

import logging
import threading
import time

import pytest

from monitor.errors import InputError, NetworkError
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply, json_reply
from tests.integration.net.conftest import AGENT, options


def test_what_is_sent(client: NetClient, server: LocalServer) -> None:
    server.route("*", json_reply({"ok": True}))
    client.get(f"{server.url}/a?x=1", params={"q": "netralitas ASN & Co"}, headers={"X-Key": "k"})
    client.request("POST", f"{server.url}/b", json={"teks": "é"})
    client.request("post", f"{server.url}/c", form={"a": "1 2", "b": "&"})
    get, by_json, by_form = server.received
    assert (get.method, get.path, get.query) == ("GET", "/a", "x=1&q=netralitas+ASN+%26+Co")
    assert get.headers["user-agent"] == AGENT
    assert get.headers["accept-encoding"] == "gzip, deflate"
    assert get.headers["x-key"] == "k"
    assert by_json.body.decode() == '{"teks":"é"}'
    assert by_json.headers["content-type"] == "application/json"
    assert by_form.body == b"a=1+2&b=%26"
    assert by_form.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("status", [200, 204, 304, 401, 403, 404, 429, 500, 503])
def test_any_status_is_an_answer(client: NetClient, server: LocalServer, status: int) -> None:
    server.route("/x", Reply(status, b"", {"Retry-After": "3600", "X-A": "1"}))
    answer = client.get(f"{server.url}/x?access_token=RAHASIA&page=2")
    assert answer.status == status
    assert answer.headers["retry-after"] == "3600"
    assert answer.headers["x-a"] == "1"
    assert answer.url == f"{server.url}/x?page=2"
    assert 0 < answer.seconds < 5


def test_an_answer_cannot_be_changed(client: NetClient, server: LocalServer) -> None:
    server.route("/x", Reply())
    answer = client.get(f"{server.url}/x")
    with pytest.raises(TypeError):
        answer.headers["x"] = "y"  # type: ignore[index]


def test_head_has_no_body(client: NetClient, server: LocalServer) -> None:
    server.route("/x", Reply(headers={"Content-Length": "524288000"}))
    answer = client.request("HEAD", f"{server.url}/x")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Authorization": "Bearer RAHASIA\r\nX-Injected: 1"}),
        ("GET", {"Authorization": "Bearer RAHASIA\n"}),
        ("GET", {"X-A": "RAHASIA\x00"}),
        ("GET", {"X-A": "RAHASIA-é"}),
        ("GET", {"X-A: 1\r\nX-B": "RAHASIA"}),
        ("GET", {"": "RAHASIA"}),
        ("GET", {"Host": "RAHASIA"}),
        ("GET", {"user-agent": "RAHASIA"}),
        ("POST", {"Transfer-Encoding": "RAHASIA"}),
        ("POST", {"Content-Length": "RAHASIA"}),
        ("GET / HTTP/1.1\r\nX-B", {}),
        ("CONNECT", {}),
        ("TRACE", {}),
    ],
)
def test_nothing_can_be_slipped_into_a_request(
    client: NetClient, server: LocalServer, method: str, headers: dict[str, str]
) -> None:
    with pytest.raises(InputError) as caught:
        client.request(method, f"{server.url}/x", headers=headers)
    assert "RAHASIA" not in caught.value.detail
    assert server.received == []


def test_one_client_serves_many_threads(client: NetClient, server: LocalServer) -> None:
    server.route("*", lambda request: json_reply({"target": request.target}))
    wrong = []

    def work(number: int) -> None:
        for turn in range(5):
            target = f"/p?n={number}-{turn}"
            if client.get(server.url + target).json() != {"target": target}:
                wrong.append(target)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(server.received) == 60


def test_the_environment_chooses_no_proxy(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.route("/x", Reply())
    with NetClient(options()) as client:
        assert client.get(f"{server.url}/x").status == 200


def test_requests_keep_their_pace(server: LocalServer) -> None:
    server.route("*", Reply())
    began = time.monotonic()
    with NetClient(options(per_host_seconds=1.5, total_timeout=1.4)) as client:
        client.get(f"{server.url}/x")
        # Waiting for a turn is not counted as waiting for the network.
        assert client.get(f"{server.url}/x").seconds < 1.4
    assert time.monotonic() - began > 1.45


def test_secrets_reach_neither_log_nor_error(
    client: NetClient, server: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # Not written out here: a log of a failure shows the lines of code it passed.
    secret = "RAHA" + "SIA"
    broken = f"HTTP/1.1 200 {secret}\r\nbad header {secret}\r\n\r\n".encode()
    server.route("/ok", Reply(200, secret.encode(), {"Set-Cookie": f"sid={secret}"}))
    server.route("/broken", Reply(raw=[broken]))
    headers = {"Authorization": f"Bearer {secret}"}
    client.get(f"{server.url}/ok?key={secret}", headers=headers)
    with pytest.raises(NetworkError) as caught:
        client.get(f"{server.url}/broken?key={secret}", headers=headers)
    logging.getLogger("test").error("failed", exc_info=caught.value)
    assert f"{server.url}/broken" in caplog.text
    assert secret not in caplog.text + str([record.__dict__ for record in caplog.records])
    assert caught.value.__context__ is None
    assert any(record.name == "monitor.net.wire" for record in caplog.records)
