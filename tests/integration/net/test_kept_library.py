"""A client library built on httpx2 gets the same way out, with the same limits."""

import gzip

import httpx2
import pytest

from monitor.errors import AddressRefused, ResponseTooLarge
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply
from tests.integration.net.conftest import AGENT, options


def test_a_library_works_as_usual(client: NetClient, server: LocalServer) -> None:
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    server.route("/a", Reply(302, headers={"Location": "/b"}))
    server.route("/b", Reply(body=gzip.compress(b'{"a": 1}'), headers=packed))
    with httpx2.Client(transport=client.transport(), follow_redirects=True) as library:
        answer = library.post(f"{server.url}/a", json={"q": "x"}, headers={"X-Key": "k"})
    assert answer.json() == {"a": 1}
    posted, followed = server.received
    assert (posted.method, posted.body) == ("POST", b'{"q":"x"}')
    assert posted.headers["x-key"] == "k"
    assert posted.headers["user-agent"] == AGENT
    assert followed.method == "GET"
    # Closing the library left our client open.
    assert client.get(f"{server.url}/b").json() == {"a": 1}


def test_a_library_is_held_to_the_limits(server: LocalServer) -> None:
    bomb = Reply(body=gzip.compress(b"\0" * 5_000_000), headers={"Content-Encoding": "gzip"})
    server.route("/bomb", bomb)
    server.route("/inside", Reply(302, headers={"Location": "http://169.254.169.254/"}))
    with NetClient(options(body_limit=1_000_000)) as client:
        library = httpx2.Client(transport=client.transport(), follow_redirects=True)
        with pytest.raises(ResponseTooLarge):
            library.get(f"{server.url}/bomb")
        with pytest.raises(AddressRefused):
            library.get(f"{server.url}/inside")
        library.close()
