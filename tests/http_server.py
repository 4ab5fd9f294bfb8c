"""A scriptable HTTP server on 127.0.0.1 for tests: routes in, recorded requests out.

with local_server() as server:
    server.route("/feed", Reply(body=b"<rss/>", headers={"ETag": '"1"'}))
    client.get(server.url + "/feed")
    assert server.received[0].headers["user-agent"] == "…"
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    # As it stood in the request line, with its query.
    target: str
    # Lower-case names.
    headers: Mapping[str, str]
    body: bytes
    # Seconds on the clock of `time.monotonic`.
    at: float

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Reply:
    """A body of pieces is sent piece by piece (chunked); `raw` replaces the whole answer."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] | list[tuple[str, str]] = field(default_factory=dict)
    raw: Iterable[bytes] | None = None


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, orjson.dumps(value), {"Content-Type": "application/json", **headers})


Answering = Reply | Callable[[Received], Reply]


class LocalServer:
    """Answers by path: each reply of a route once, its last one for ever; 404 elsewhere."""

    def __init__(self, host: str, port: int, scheme: str) -> None:
        self.url = f"{scheme}://{host}:{port}"
        self.port = port
        self.received: list[Received] = []
        # Pieces of bodies that were handed to the socket.
        self.sent_bytes = 0
        self._routes: dict[str, list[Answering]] = {}
        self._lock = threading.Lock()

    def route(self, path: str, *replies: Answering) -> None:
        """Set the answers of this path; "*" stands for every path without its own."""
        self._routes[path] = list(replies)

    def paths(self) -> list[str]:
        return [request.path for request in self.received]

    def answer(self, request: Received) -> Reply:
        with self._lock:
            self.received.append(request)
            replies = self._routes.get(request.path) or self._routes.get("*")
            if not replies:
                return Reply(404, b"no such route")
            reply = replies[0] if len(replies) == 1 else replies.pop(0)
        return reply if isinstance(reply, Reply) else reply(request)


@contextmanager
def local_server(
    host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None
) -> Iterator[LocalServer]:
    """Serve until the block ends."""
    handler = type("Handler", (_Handler,), {})
    listening = _Listening((host, 0), handler)
    if tls:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    server = LocalServer(host, listening.server_port, "https" if tls else "http")
    handler.server_state = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    # A handler that still drips when the test is over is left to end by itself.
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients under test hang up on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state: LocalServer
    timeout = 30

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        reply = self.server_state.answer(
            Received(
                self.command,
                self.path,
                _lower(self.headers),
                self.rfile.read(length),
                time.monotonic(),
            )
        )
        with suppress(OSError):
            if reply.raw is None:
                self._send(reply)
            else:
                self.close_connection = True
                for piece in reply.raw:
                    self._write(piece)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = _answer

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        given = reply.headers.items() if isinstance(reply.headers, Mapping) else reply.headers
        names = {name.lower() for name, _ in given}
        for name, value in given:
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            if "content-length" not in names:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self._write(reply.body)
            return
        if "content-length" not in names:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in reply.body:
            chunked = "content-length" not in names
            self._write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if "content-length" not in names:
            self._write(b"0\r\n\r\n")

    def _write(self, piece: bytes) -> None:
        self.wfile.write(piece)
        self.server_state.sent_bytes += len(piece)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
