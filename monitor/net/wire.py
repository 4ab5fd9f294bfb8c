"""One request and its answer on the wire: guarded sockets, a deadline, a limited body."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from types import MappingProxyType

import httpcore2
import httpx2

from monitor.clock import monotonic
from monitor.errors import (
    AddressRefused,
    ConfigurationError,
    NetworkError,
    NetworkTimeout,
    ResponseTooLarge,
    UnexpectedAnswer,
)
from monitor.net.answer import Answer
from monitor.net.guard import Deadline, GuardedBackend, current_deadline, refuse_proxied_name
from monitor.net.options import NetOptions
from monitor.net.urls import accepted_url, host_of, shown, without_secrets

# Both libraries log whole addresses with their queries, and headers, where debugging is on.
for _library in ("httpcore2", "httpx2"):
    logging.getLogger(_library).setLevel(logging.WARNING)

_CONNECTIONS = 100
_KEPT_ALIVE = 20
_KEEP_ALIVE_SECONDS = 5.0
# What compression may add to a body that cannot be compressed.
_PACKING = 64 * 1024
_UNPACKED = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
_FAILURES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpx2.DecodingError,
    OSError,
)

logger = logging.getLogger(__name__)


class Wire:
    """Thread-safe; follows no redirect, keeps no cookie, reads no proxy from the environment."""

    def __init__(self, options: NetOptions) -> None:
        self._options = options
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpcore2.default_ssl_context(),
            proxy=_proxy(options.proxy) if options.proxy else None,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_KEPT_ALIVE,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=GuardedBackend(
                allow_private=options.allow_private, checked=not options.proxy
            ),
        )

    def close(self) -> None:
        self._pool.close()

    def exchange(
        self, request: httpx2.Request, deadline: Deadline, limit: int, *, cut: bool = False
    ) -> Answer:
        """Return the answer; `cut` takes the first `limit` bytes where there are more."""
        token = current_deadline.set(deadline)
        try:
            return self._exchange(request, deadline, limit, cut)
        except _FAILURES as error:
            problem = _problem(error, request.url)
        finally:
            current_deadline.reset(token)
        # Outside the handler: the library's error may quote headers, and would be logged with it.
        raise problem

    def _exchange(
        self, request: httpx2.Request, deadline: Deadline, limit: int, cut: bool
    ) -> Answer:
        began = monotonic()
        if self._options.proxy:
            refuse_proxied_name(
                host_of(request.url),
                request.url.port or 0,
                allow_private=self._options.allow_private,
            )
        raw = self._pool.handle_request(self._outgoing(request, deadline))
        with closing(raw):
            headers = httpx2.Headers(raw.headers)
            body = _body(request, raw, headers, limit, cut)
        seconds = monotonic() - began
        logger.debug(
            "answer",
            extra={"place": shown(request.url), "status": raw.status, "seconds": round(seconds, 3)},
        )
        return Answer(
            status=raw.status,
            url=without_secrets(request.url),
            headers=MappingProxyType(dict(headers.items())),
            body=body,
            seconds=seconds,
        )

    def _outgoing(self, request: httpx2.Request, deadline: Deadline) -> httpcore2.Request:
        url = request.url
        timeouts = {
            "connect": self._options.connect_timeout,
            "read": self._options.read_timeout,
            "write": self._options.read_timeout,
            "pool": max(deadline.left(), 0.0),
        }
        return httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.read(),
            extensions={"timeout": timeouts},
        )


class _RawBody(httpx2.SyncByteStream):
    """Counts what arrives before it is unpacked: a bomb of nothing unpacks to nothing."""

    def __init__(self, raw: httpcore2.Response, most: int, place: str) -> None:
        self._raw = raw
        self._most = most
        self._place = place

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for piece in self._raw.iter_stream():
            received += len(piece)
            if received > self._most:
                raise _too_large(self._place, self._most)
            yield piece


def _body(
    request: httpx2.Request,
    raw: httpcore2.Response,
    headers: httpx2.Headers,
    limit: int,
    cut: bool,
) -> bytes:
    place = shown(request.url)
    if request.method == "HEAD":
        return b""
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in _UNPACKED:
        raise UnexpectedAnswer(f"{place} menjawab dengan pemampatan yang tidak diminta.")
    announced = headers.get("content-length", "")
    if not cut and announced.isdecimal() and int(announced[:20]) > limit + _PACKING:
        raise _too_large(place, limit)
    if packing == "x-gzip":
        headers["content-encoding"] = "gzip"
    most = limit + _PACKING if not cut else 2 * limit + _PACKING
    response = httpx2.Response(raw.status, headers=headers, stream=_RawBody(raw, most, place))
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limit:
            if cut:
                break
            raise _too_large(place, limit)
    return bytes(body[:limit])


def _too_large(place: str, limit: int) -> ResponseTooLarge:
    return ResponseTooLarge(
        f"Jawaban {place} lebih besar dari batas {limit / 1024 / 1024:.1f} MiB; sisanya tidak"
        " diambil. Persempit permintaannya, misalnya dengan rentang waktu yang lebih pendek."
    )


def _proxy(address: str) -> httpcore2.Proxy:
    try:
        url = httpx2.URL(address)
        place = accepted_url(url.copy_with(userinfo=b""))
    except (httpx2.InvalidURL, AddressRefused, ValueError):
        # Not repeated: it may hold a password.
        raise ConfigurationError(
            "NETRA_PROXY harus berbentuk http://NAMA:PORTA atau https://NAMA:PORTA."
        ) from None
    return httpcore2.Proxy(
        url=httpcore2.URL(
            scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=b"/"
        ),
        auth=(url.username.encode(), url.password.encode()) if url.userinfo else None,
    )


def _problem(error: Exception, url: httpx2.URL) -> NetworkError:
    place = shown(url)
    if isinstance(error, httpcore2.TimeoutException | TimeoutError):
        return NetworkTimeout(f"{place} tidak selesai menjawab dalam batas waktu. Coba lagi nanti.")
    if isinstance(error, httpx2.DecodingError):
        return UnexpectedAnswer(f"Jawaban {place} dimampatkan dengan cara yang rusak.")
    if isinstance(error, httpcore2.ProxyError):
        return NetworkError(
            f"Proksi menolak meneruskan permintaan ke {place}. Periksa NETRA_PROXY dan aturan"
            " proksi itu."
        )
    # The pool drops `__cause__`; the libraries pass what happened as the first argument.
    cause = error.args[0] if error.args else None
    if isinstance(cause, socket.gaierror):
        return NetworkError(
            f"Nama {host_of(url)} tidak ditemukan. Periksa alamatnya atau coba lagi."
        )
    if isinstance(cause, ssl.SSLCertVerificationError):
        return NetworkError(
            f"Sertifikat {place} tidak sah, sehingga sambungannya ditolak. Hubungi pengelola situs"
            " itu."
        )
    if isinstance(error, httpcore2.ConnectError):
        return NetworkError(f"Tidak dapat tersambung ke {place}. Coba lagi nanti.")
    return NetworkError(f"Sambungan ke {place} terputus sebelum jawabannya utuh. Coba lagi nanti.")
