"""The client collectors use: pace, robots.txt and redirects around single guarded exchanges."""

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx2

from monitor.errors import TooManyRedirects
from monitor.net import robots as robots_file
from monitor.net.answer import Answer
from monitor.net.guard import Deadline
from monitor.net.options import NetOptions
from monitor.net.outgoing import RESERVED, build_request
from monitor.net.pace import Pace
from monitor.net.redirects import next_request
from monitor.net.robots import Robots
from monitor.net.urls import host_of, shown
from monitor.net.wire import Wire


class NetClient:
    """Thread-safe; raises `NetworkError` where there is no answer, and never for a status."""

    def __init__(self, options: NetOptions) -> None:
        self._options = options
        self._wire = Wire(options)
        self._pace = Pace(options.pace_wait)
        self._robots = Robots(options.user_agent)

    def __repr__(self) -> str:
        return f"NetClient({self._options!r})"

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        limit: int | None = None,
        robots: bool = False,
    ) -> Answer:
        """Send one request; GET and HEAD follow redirects. `robots` asks robots.txt first."""
        request = build_request(
            self._options.user_agent,
            method,
            url,
            params=params,
            headers=headers,
            json=json,
            form=form,
        )
        return self._follow(
            request,
            Deadline(self._options.total_timeout),
            self._options.body_limit if limit is None else limit,
            robots=robots,
        )

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        limit: int | None = None,
        robots: bool = False,
    ) -> Answer:
        return self.request(
            "GET",
            url,
            params=params,
            headers=headers,
            json=json,
            form=form,
            limit=limit,
            robots=robots,
        )

    def transport(self) -> httpx2.BaseTransport:
        """Return the same way out, with all its limits, for a library built on httpx2.

        Its errors are ours and pass through that library; redirects are its own to follow, each
        checked like a first request. Closing it does not close this client.
        """
        return _Transport(self)

    def close(self) -> None:
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _follow(
        self,
        request: httpx2.Request,
        deadline: Deadline,
        limit: int,
        *,
        robots: bool = False,
        cut: bool = False,
    ) -> Answer:
        first = request.url
        seconds = 0.0
        for _ in range(self._options.redirects + 1):
            answer = self._send(request, deadline, limit, robots=robots, cut=cut)
            seconds += answer.seconds
            following = next_request(request, answer)
            if following is None:
                return replace(answer, seconds=seconds)
            request = following
        raise TooManyRedirects(
            f"{shown(first)} mengalihkan lebih dari {self._options.redirects} kali. Isi"
            " alamat tujuan akhirnya."
        )

    def _send(
        self, request: httpx2.Request, deadline: Deadline, limit: int, *, robots: bool, cut: bool
    ) -> Answer:
        least = self._options.per_host_seconds
        if robots:
            asked = self._robots.check(request.url, lambda url: self._robots_txt(url, deadline))
            least = max(least, asked)
        # The limit of time is for the network; standing in our own queue does not count.
        deadline.extend(self._pace.wait(host_of(request.url), least))
        return self._wire.exchange(request, deadline, limit, cut=cut)

    def _robots_txt(self, url: httpx2.URL, deadline: Deadline) -> Answer:
        request = build_request(self._options.user_agent, "GET", url)
        return self._follow(request, deadline, robots_file.MOST_BYTES, cut=True)


class _Transport(httpx2.BaseTransport):
    def __init__(self, client: NetClient) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        options = self._client._options
        outgoing = build_request(
            options.user_agent,
            request.method,
            request.url,
            headers={k: v for k, v in request.headers.items() if k not in RESERVED},
            content=request.read(),
        )
        answer = self._client._send(
            outgoing, Deadline(options.total_timeout), options.body_limit, robots=False, cut=False
        )
        # The body is already unpacked and whole.
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-encoding", "content-length", "transfer-encoding")
        }
        return httpx2.Response(answer.status, headers=headers, content=answer.body)
