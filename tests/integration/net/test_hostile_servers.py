"""Servers that send too much, too slowly, packed as a bomb, or no HTTP at all."""

import gzip
import time
import zlib
from collections.abc import Iterator

import pytest

from monitor.errors import NetworkError, NetworkTimeout, ResponseTooLarge, UnexpectedAnswer
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply, local_server
from tests.integration.net.conftest import options

MIB = 1024 * 1024


def endless(piece: bytes, pause: float = 0.0) -> Iterator[bytes]:
    while True:
        yield piece
        time.sleep(pause)


def test_a_large_body_is_refused_when_it_is_announced(
    client: NetClient, server: LocalServer
) -> None:
    server.route("/x", Reply(body=endless(b"x" * MIB), headers={"Content-Length": str(500 * MIB)}))
    with pytest.raises(ResponseTooLarge, match=r"10\.0 MiB"):
        client.get(f"{server.url}/x?token=RAHASIA")
    assert server.sent_bytes < 20 * MIB


def test_a_large_body_is_cut_off_while_it_comes(client: NetClient, server: LocalServer) -> None:
    server.route("/x", Reply(body=endless(b"x" * MIB)))
    with pytest.raises(ResponseTooLarge):
        client.get(f"{server.url}/x")
    assert server.sent_bytes < 40 * MIB


def test_the_limit_itself_still_fits(client: NetClient, server: LocalServer) -> None:
    server.route("/x", Reply(body=b"x" * 1000))
    assert len(client.get(f"{server.url}/x", limit=1000).body) == 1000
    with pytest.raises(ResponseTooLarge):
        client.get(f"{server.url}/x", limit=999)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """40 MiB in 40 KiB."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(b"\0" * MIB) for _ in range(40)) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
def test_a_gzip_bomb_is_measured_unpacked(
    client: NetClient, server: LocalServer, bomb: bytes, encoding: str
) -> None:
    assert len(bomb) < MIB // 10
    server.route("/x", Reply(body=bomb, headers={"Content-Encoding": encoding}))
    with pytest.raises(ResponseTooLarge):
        client.get(f"{server.url}/x")


def test_a_bomb_that_unpacks_to_nothing_ends_too(server: LocalServer) -> None:
    empty_block = b"\x00\x00\x00\xff\xff"
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
    pieces = (piece for part in ([header], endless(empty_block * 10_000)) for piece in part)
    server.route("/x", Reply(body=pieces, headers={"Content-Encoding": "gzip"}))
    with NetClient(options(body_limit=MIB)) as client, pytest.raises(ResponseTooLarge):
        client.get(f"{server.url}/x")
    assert server.sent_bytes < 30 * MIB


def test_packed_bodies_are_unpacked(client: NetClient, server: LocalServer) -> None:
    text = b'{"a": 1}'
    server.route("/g", Reply(body=gzip.compress(text), headers={"Content-Encoding": "gzip"}))
    server.route("/d", Reply(body=zlib.compress(text), headers={"Content-Encoding": "deflate"}))
    assert client.get(f"{server.url}/g").json() == {"a": 1}
    assert client.get(f"{server.url}/d").json() == {"a": 1}


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"\x0b\x02\x80abc\x03"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"a"))),
        ("gzip", b"this is not packed"),
        ("deflate", b"this is not packed"),
    ],
)
def test_a_packing_that_cannot_be_opened(
    client: NetClient, server: LocalServer, encoding: str, body: bytes
) -> None:
    server.route("/x", Reply(body=body, headers={"Content-Encoding": encoding}))
    with pytest.raises(UnexpectedAnswer):
        client.get(f"{server.url}/x")


@pytest.mark.parametrize(
    "raw",
    [
        [],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"],
        [b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 300_000],
    ],
    ids=["silence", "ssh", "short", "two-lengths", "negative", "chunk", "cut", "long-header"],
)
def test_what_is_no_http(client: NetClient, server: LocalServer, raw: list[bytes]) -> None:
    server.route("/x", Reply(raw=raw))
    with pytest.raises(NetworkError) as caught:
        client.get(f"{server.url}/x?token=RAHASIA")
    assert caught.value.code == "network_error"
    assert f"{server.url}/x" in caught.value.detail
    assert "RAHASIA" not in caught.value.detail


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize("start", [HEAD, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 "])
def test_one_byte_at_a_time_does_not_stretch_the_deadline(
    server: LocalServer, start: bytes
) -> None:
    server.route("/x", Reply(raw=(p for part in ([start], endless(b"1", 0.05)) for p in part)))
    limits = options(read_timeout=5.0, total_timeout=0.5)
    began = time.monotonic()
    with NetClient(limits) as client, pytest.raises(NetworkTimeout):
        client.get(f"{server.url}/x?token=RAHASIA")
    assert 0.4 < time.monotonic() - began < 5


def test_promises_without_an_answer_end_at_the_deadline(server: LocalServer) -> None:
    server.route("/x", Reply(raw=endless(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.05)))
    with NetClient(options(total_timeout=0.5)) as client, pytest.raises(NetworkTimeout):
        client.get(f"{server.url}/x")


def test_silence_ends_at_the_read_timeout(server: LocalServer) -> None:
    def silent() -> Iterator[bytes]:
        time.sleep(8)
        yield b""

    server.route("/x", Reply(raw=silent()))
    began = time.monotonic()
    with NetClient(options(read_timeout=0.3)) as client, pytest.raises(NetworkTimeout):
        client.get(f"{server.url}/x")
    assert time.monotonic() - began < 6


def test_the_deadline_counts_all_redirects(server: LocalServer) -> None:
    def slow(_: object) -> Reply:
        time.sleep(0.3)
        return Reply(302, headers={"Location": "/x"})

    server.route("/x", slow)
    limits = options(total_timeout=0.5, redirects=50)
    with NetClient(limits) as client, pytest.raises(NetworkTimeout):
        client.get(f"{server.url}/x")
    assert len(server.received) <= 3


def test_a_failed_request_leaves_the_client_usable(server: LocalServer) -> None:
    server.route("/bad", Reply(body=endless(b"x" * MIB)))
    server.route("/good", Reply(body=b"ok"))
    with NetClient(options(body_limit=MIB)) as client:
        for _ in range(3):
            with pytest.raises(ResponseTooLarge):
                client.get(f"{server.url}/bad")
            assert client.get(f"{server.url}/good").body == b"ok"


def test_nobody_listens(client: NetClient) -> None:
    with local_server() as gone:
        url = gone.url
    with pytest.raises(NetworkError, match="Tidak dapat tersambung") as caught:
        client.get(f"{url}/x?token=RAHASIA")
    assert caught.value.code == "network_error"
    assert "RAHASIA" not in caught.value.detail
