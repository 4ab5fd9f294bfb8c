"""The guard stands where sockets open: odd addresses, names that change, slow name services."""

import time

import pytest

from monitor.errors import AddressRefused, NetworkError, NetworkTimeout
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply, local_server
from tests.integration.net.conftest import Names, options


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"]
)
def test_private_addresses_are_refused_unless_allowed(server: LocalServer, host: str) -> None:
    server.route("*", Reply())
    with NetClient(options(allow_private=False)) as client, pytest.raises(AddressRefused) as caught:
        client.get(f"http://{host}:{server.port}/x?token=RAHASIA")
    assert "RAHASIA" not in caught.value.detail
    assert server.received == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "0.0.0.0", "[::]"]
)
def test_metadata_addresses_are_refused_even_where_private_ones_are_allowed(
    client: NetClient, host: str
) -> None:
    with pytest.raises(AddressRefused):
        client.get(f"http://{host}/latest/meta-data/")


def test_a_name_that_leads_inside_is_refused(names: Names, server: LocalServer) -> None:
    server.route("*", Reply())
    names.are(["127.0.0.1"])
    with NetClient(options(allow_private=False)) as client, pytest.raises(AddressRefused) as caught:
        client.get(f"http://umpan.test:{server.port}/x")
    assert server.received == []
    # The refusal is no way to read an internal name service.
    assert "127.0.0.1" not in caught.value.detail


def test_one_bad_address_among_good_ones_refuses_the_name(
    names: Names, server: LocalServer, client: NetClient
) -> None:
    server.route("*", Reply())
    names.are(["127.0.0.1", "169.254.169.254"])
    with pytest.raises(AddressRefused):
        client.get(f"http://umpan.test:{server.port}/x")
    assert server.received == []


def test_what_was_checked_is_what_is_connected_to(
    names: Names, server: LocalServer, client: NetClient
) -> None:
    """A name service that answers well to the check and badly to the connection."""
    server.route("*", Reply(body=b"first"))
    names.are(["127.0.0.1"], ["169.254.169.254"])
    answer = client.get(f"http://umpan.test:{server.port}/x")
    assert answer.body == b"first"
    # The second request goes over the connection that is open.
    client.get(f"http://umpan.test:{server.port}/x")
    assert names.asked == 1
    assert server.received[0].headers["host"] == f"umpan.test:{server.port}"


def test_every_new_connection_is_checked_again(names: Names, server: LocalServer) -> None:
    server.route("*", Reply(headers={"Connection": "close"}))
    names.are(["127.0.0.1"], ["169.254.169.254"])
    with NetClient(options()) as client:
        client.get(f"http://umpan.test:{server.port}/x")
        with pytest.raises(AddressRefused):
            client.get(f"http://umpan.test:{server.port}/x")


def test_a_dead_address_leaves_time_for_the_next(
    names: Names, server: LocalServer, client: NetClient
) -> None:
    server.route("*", Reply(body=b"ok"))
    names.are(["127.0.0.77", "127.0.0.78", "127.0.0.1"])
    assert client.get(f"http://umpan.test:{server.port}/x").body == b"ok"


def test_an_unknown_name_is_told_as_such(client: NetClient) -> None:
    with pytest.raises(NetworkError, match=r"Nama tidak-ada\.invalid tidak ditemukan"):
        client.get("http://tidak-ada.invalid/x")


def test_a_name_service_that_hangs_does_not_hang_us(names: Names) -> None:
    def hang() -> list[str]:
        time.sleep(8)
        return ["127.0.0.1"]

    names.are(hang)
    began = time.monotonic()
    with NetClient(options(connect_timeout=0.3)) as client, pytest.raises(NetworkTimeout):
        client.get("http://umpan.test/x")
    assert time.monotonic() - began < 6


def test_another_loopback_address_is_another_host(client: NetClient) -> None:
    with local_server("127.0.0.2") as second:
        second.route("*", Reply(body=b"two"))
        assert client.get(f"{second.url}/x").body == b"two"
