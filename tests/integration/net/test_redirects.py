"""Redirects: followed for GET and HEAD, each hop checked, nothing secret taken elsewhere."""

import pytest

from monitor.errors import AddressRefused, TooManyRedirects, UnexpectedAnswer
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply
from tests.integration.net.conftest import AGENT, options

SECRETS = {
    "Authorization": "Bearer RAHASIA",
    "Cookie": "sid=RAHASIA",
    "X-Api-Key": "RAHASIA",
    "Accept": "application/rss+xml",
}


def to(location: str, status: int = 302) -> Reply:
    return Reply(status, b"moved", {"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_followed(client: NetClient, server: LocalServer, status: int, method: str) -> None:
    server.route("/a/b", to("../c?x=1", status))
    server.route("/c", Reply(body=b"here"))
    answer = client.request(method, f"{server.url}/a/b#part", headers=SECRETS)
    assert answer.status == 200
    assert answer.url == f"{server.url}/c?x=1"
    assert [request.method for request in server.received] == [method, method]
    # The same place, so the same headers.
    assert server.received[1].headers["authorization"] == "Bearer RAHASIA"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_changes_something_is_not_sent_twice(
    client: NetClient, server: LocalServer, method: str
) -> None:
    server.route("/a", to("/b", 307))
    answer = client.request(method, f"{server.url}/a", json={"x": 1})
    assert answer.status == 307
    assert server.paths() == ["/a"]


def test_secrets_stay_with_the_first_host(
    client: NetClient, server: LocalServer, other_server: LocalServer
) -> None:
    server.route("/a", to(f"{other_server.url}/b"))
    other_server.route("/b", Reply(body=b"elsewhere"))
    answer = client.get(f"{server.url}/a", params={"key": "RAHASIA"}, headers=SECRETS)
    assert answer.body == b"elsewhere"
    there = other_server.received[0]
    assert "RAHASIA" not in str(there.headers) + there.target
    assert there.headers["accept"] == "application/rss+xml"
    assert there.headers["user-agent"] == AGENT
    assert there.headers["host"] == f"127.0.0.1:{other_server.port}"


def test_secrets_do_not_come_back_by_a_detour(
    client: NetClient, server: LocalServer, other_server: LocalServer
) -> None:
    server.route("/a", to(f"{other_server.url}/b"))
    other_server.route("/b", to(f"{server.url}/c"))
    server.route("/c", Reply())
    client.get(f"{server.url}/a", headers=SECRETS)
    assert "authorization" not in server.received[1].headers


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://0xA9FEA9FE/",
        "http://2852039166/",
        "//0/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://user:RAHASIA@127.0.0.1/",
        "https:///nowhere",
    ],
)
def test_a_hop_is_checked_like_a_first_request(
    client: NetClient, server: LocalServer, location: str
) -> None:
    server.route("/a", to(location))
    with pytest.raises(AddressRefused) as caught:
        client.get(f"{server.url}/a")
    assert "RAHASIA" not in caught.value.detail
    assert server.paths() == ["/a"]


def test_round_and_round(server: LocalServer) -> None:
    server.route("/a", to("/b"))
    server.route("/b", to("/a"))
    with NetClient(options(redirects=3)) as client, pytest.raises(TooManyRedirects):
        client.get(f"{server.url}/a?token=RAHASIA")
    assert len(server.received) == 4


def test_no_redirects_at_all(server: LocalServer) -> None:
    server.route("/a", to("/b"))
    server.route("/b", Reply())
    with NetClient(options(redirects=0)) as client:
        assert client.get(f"{server.url}/b").status == 200
        with pytest.raises(TooManyRedirects):
            client.get(f"{server.url}/a")


def test_a_location_that_is_none(client: NetClient, server: LocalServer) -> None:
    server.route("/none", Reply(302))
    server.route("/bad", to("http://[::1"))
    assert client.get(f"{server.url}/none").status == 302
    with pytest.raises(UnexpectedAnswer):
        client.get(f"{server.url}/bad")


def test_a_large_body_of_a_redirect_counts_too(server: LocalServer) -> None:
    server.route("/a", Reply(302, b"x" * 10_000, {"Location": "/b"}))
    server.route("/b", Reply(body=b"ok"))
    with NetClient(options()) as client:
        assert client.get(f"{server.url}/a").body == b"ok"
