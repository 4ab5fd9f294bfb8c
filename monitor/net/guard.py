"""Opens sockets: looks a name up once, refuses what is not public, connects to what it checked.

Every read and write also ends at the deadline of its request, so that a peer sending one byte
at a time cannot stretch it.
"""

import socket
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from ssl import SSLContext
from typing import Any

import httpcore2

from monitor.clock import monotonic
from monitor.errors import AddressRefused
from monitor.net.addresses import IPAddress, may_be_reached

# A look-up that hangs keeps its thread until the resolver gives up: so many may hang at once.
_LOOKUPS = threading.BoundedSemaphore(32)
_MOST_ADDRESSES = 8
# Where neither a step nor its request has a limit.
_LONGEST_STEP = 60.0
_WRITE_PIECE = 64 * 1024
# Behind a proxy names are often unknown here; the proxy is then the one that looks them up.
_PROXIED_LOOKUP_SECONDS = 2.0
_LOCAL_NAMES = ("home.arpa", "internal", "intranet", "lan", "local", "localdomain", "localhost")


class Deadline:
    """When a request must be over; time spent waiting for its turn is given back."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        return self._end - monotonic()

    def extend(self, seconds: float) -> None:
        self._end += seconds


# A kept-alive connection serves many requests, each driven by one thread with its own deadline.
current_deadline: ContextVar[Deadline | None] = ContextVar("current_deadline", default=None)


class GuardedBackend(httpcore2.NetworkBackend):
    """`checked=False` is for the way to the proxy, which the operator has chosen."""

    def __init__(self, *, allow_private: bool, checked: bool = True) -> None:
        self._allow_private = allow_private
        self._checked = checked
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        end = Deadline(_bounded(timeout))
        addresses = _look_up(host, port, end.left())
        if self._checked:
            # One bad address among good ones is how a name is rebound: the whole name is refused.
            refuse_unreachable(host, addresses, allow_private=self._allow_private)
        failure: Exception = httpcore2.ConnectError("no address")
        addresses = addresses[:_MOST_ADDRESSES]
        for tried, address in enumerate(addresses):
            # A dead address leaves time for those after it.
            share = max(end.left(), 0.001) / (len(addresses) - tried)
            try:
                # An address, not a name: nothing is looked up a second time.
                stream = self._sockets.connect_tcp(
                    str(address), port, share, local_address, socket_options or []
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _GuardedStream(stream)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        raise AddressRefused("Soket lokal bukan jalan keluar.")


class _GuardedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _bounded(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE_PIECE):
            self._stream.write(buffer[start : start + _WRITE_PIECE], _bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _bounded(timeout))
        return _GuardedStream(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def refuse_proxied_name(host: str, port: int, *, allow_private: bool) -> None:
    """Check the target of a proxied request as far as its name can be resolved here.

    The proxy looks the name up again, so this cannot hold against a name that changes; the
    proxy's own rules must.
    """
    try:
        addresses = _look_up(host, port, _bounded(_PROXIED_LOOKUP_SECONDS))
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
        local = "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES))
        if local and not allow_private:
            raise _refusal(host) from None
    else:
        refuse_unreachable(host, addresses, allow_private=allow_private)


def refuse_unreachable(host: str, addresses: list[IPAddress], *, allow_private: bool) -> None:
    for address in addresses:
        if not may_be_reached(address, allow_private=allow_private):
            raise _refusal(host)


def _refusal(host: str) -> AddressRefused:
    # Without the address: the answer must not become a way to read an internal name server.
    return AddressRefused(
        f"{host} mengarah ke alamat pribadi, lokal, metadata awan, atau alamat khusus lain. Periksa"
        " alamatnya; untuk server di jaringan sendiri, administrator dapat menyalakan"
        " NETRA_ALLOW_PRIVATE_ADDRESSES."
    )


def _look_up(host: str, port: int, seconds: float) -> list[IPAddress]:
    """Return the addresses in the order to try them; end in time even if the resolver does not."""
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    answer: SimpleQueue[list[IPAddress] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            # A scope ("%eth0") belongs to a link-local address, which is refused without it too.
            texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
            answer.put([ip_address(text) for text in texts])
        except OSError as error:
            answer.put(error)
        except ValueError:
            answer.put(socket.gaierror(socket.EAI_NONAME, "not a name"))
        finally:
            _LOOKUPS.release()

    end = Deadline(seconds)
    if not _LOOKUPS.acquire(timeout=max(seconds, 0)):
        raise httpcore2.ConnectTimeout("too many look-ups")
    try:
        threading.Thread(target=ask, name="net-lookup", daemon=True).start()
    except RuntimeError:
        _LOOKUPS.release()
        raise httpcore2.ConnectError("no thread for a look-up") from None
    try:
        result = answer.get(timeout=max(end.left(), 0))
    except Empty:
        raise httpcore2.ConnectTimeout("look-up") from None
    if isinstance(result, OSError):
        raise httpcore2.ConnectError(result)
    return result


def _bounded(timeout: float | None) -> float:
    """Return the time this step may take: its own limit or what is left of its request."""
    deadline = current_deadline.get()
    left = deadline.left() if deadline else _LONGEST_STEP
    if left <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return min(left, _LONGEST_STEP if timeout is None else timeout)
