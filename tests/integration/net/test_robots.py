"""robots.txt: asked once a day per origin, also for redirects; unreadable means no."""

import time

import pytest

from monitor.errors import RobotsRefused
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply
from tests.integration.net.conftest import AGENT, options

RULES = b"""\
\xef\xbb\xbfUser-agent: *
Disallow: /

User-agent: Netra   # ours
User-agent: other
Disallow: /rahasia/
Disallow: /*.pdf$
Allow: /rahasia/umum
"""


def may(client: NetClient, server: LocalServer, path: str) -> bool:
    try:
        client.get(server.url + path, robots=True)
    except RobotsRefused as refused:
        assert "token" not in refused.detail
        return False
    return True


def test_our_own_group_counts(client: NetClient, server: LocalServer) -> None:
    server.route("*", Reply())
    server.route("/robots.txt", Reply(body=RULES))
    allowed = {
        path: may(client, server, path)
        for path in (
            "/",
            "/berita?token=1",
            "/rahasia/x?token=1",
            "/rahasia/umum",
            "/%72ahasia/x",
            "/a.pdf",
            "/a.pdf?x",
        )
    }
    assert allowed == {
        "/": True,
        "/berita?token=1": True,
        "/rahasia/x?token=1": False,
        "/rahasia/umum": True,
        "/%72ahasia/x": False,
        "/a.pdf": False,
        "/a.pdf?x": True,
    }
    assert server.paths().count("/robots.txt") == 1
    assert server.received[0].headers["user-agent"] == AGENT


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"User-agent: *\nDisallow: /", False),
        (b"User-agent: *\nDisallow:", True),
        (b"User-agent: netra/2.0\nDisallow: /", False),
        (b"user agent netra\ndisallow /", False),
        # Words of our user agent that are not its name, and names that only begin like ours.
        (b"User-agent: uji\nDisallow: /", True),
        (b"User-agent: net\nDisallow: /", True),
        (b"User-agent: netrabot\nDisallow: /", True),
        (b"User-agent: bot\nUser-agent: netra\nDisallow: /", False),
        (b"User-agent: bot\nDisallow: /\n\nUser-agent: netra\nAllow: /", True),
        (b"<!DOCTYPE html><html>Disallow: /</html>", True),
        (b"\x00\xff\xfe" * 100, True),
        (b"", True),
    ],
)
def test_groups(client: NetClient, server: LocalServer, rules: bytes, allowed: bool) -> None:
    server.route("*", Reply())
    server.route("/robots.txt", Reply(body=rules))
    assert may(client, server, "/x") is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (410, True), (429, False), (503, False)]
)
def test_a_file_that_is_not_there_allows_and_a_broken_server_forbids(
    client: NetClient, server: LocalServer, status: int, allowed: bool
) -> None:
    server.route("*", Reply())
    server.route("/robots.txt", Reply(status))
    assert may(client, server, "/x") is allowed
    assert ("/x" in server.paths()) is allowed


def test_nothing_is_asked_where_it_does_not_matter(client: NetClient, server: LocalServer) -> None:
    server.route("*", Reply())
    client.get(f"{server.url}/api")
    assert server.paths() == ["/api"]


def test_a_redirect_is_asked_for_at_its_own_place(
    client: NetClient, server: LocalServer, other_server: LocalServer
) -> None:
    server.route("/a", Reply(302, headers={"Location": f"{other_server.url}/b"}))
    other_server.route("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /b"))
    other_server.route("/b", Reply())
    assert not may(client, server, "/a")
    assert other_server.paths() == ["/robots.txt"]


def test_the_file_itself_may_be_redirected(
    client: NetClient, server: LocalServer, other_server: LocalServer
) -> None:
    server.route("*", Reply())
    server.route("/robots.txt", Reply(301, headers={"Location": f"{other_server.url}/r"}))
    other_server.route("/r", Reply(body=b"User-agent: *\nDisallow: /x"))
    assert not may(client, server, "/x")


def test_of_a_long_file_the_first_half_megabyte_counts(
    client: NetClient, server: LocalServer
) -> None:
    start = b"User-agent: *\nDisallow: /awal\n"
    filler = b"# nothing\n" * 60_000
    server.route("*", Reply())
    server.route("/robots.txt", Reply(body=start + filler + b"Disallow: /akhir\n"))
    assert not may(client, server, "/awal")
    assert may(client, server, "/akhir")


def test_a_file_made_to_fill_the_memory(client: NetClient, server: LocalServer) -> None:
    """Every rule times every robot would be 225 million entries."""
    robots = b"".join(b"User-agent:a%d\n" % number for number in range(15_000))
    rules = b"".join(b"Disallow:/%d\n" % number for number in range(15_000))
    server.route("*", Reply())
    server.route("/robots.txt", Reply(body=b"User-agent: Netra\n" + robots + rules))
    began = time.monotonic()
    assert not may(client, server, "/14999")
    assert may(client, server, "/x")
    assert time.monotonic() - began < 20


def test_the_delay_a_site_asks_for_is_kept(server: LocalServer) -> None:
    server.route("*", Reply())
    server.route("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 0.4"))
    began = time.monotonic()
    with NetClient(options()) as client:
        for _ in range(3):
            client.get(f"{server.url}/x", robots=True)
    assert time.monotonic() - began > 0.75
    assert server.paths() == ["/robots.txt", "/x", "/x", "/x"]
