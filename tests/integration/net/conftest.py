"""A local server, a client that may reach it, and a name service that says what a test wants."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from monitor.net import NetClient, NetOptions
from tests.http_server import LocalServer, local_server

AGENT = "Netra/0.1 (uji@example.org)"


def options(**changes: Any) -> NetOptions:
    return NetOptions(**{"user_agent": AGENT, "allow_private": True, **changes})


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with local_server() as server:
        yield server


@pytest.fixture
def other_server() -> Iterator[LocalServer]:
    with local_server() as server:
        yield server


@pytest.fixture
def client() -> Iterator[NetClient]:
    with NetClient(options()) as client:
        yield client


class Names:
    """Answers of the name service in turn, the last one for ever, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._answers: list[list[str] | Callable[[], list[str]]] = []

    def are(self, *answers: list[str] | Callable[[], list[str]]) -> None:
        self._answers = list(answers)

    def next(self) -> list[str]:
        self.asked += 1
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return answer if isinstance(answer, list) else answer()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Answer for every host that ends in ".test"."""
    names = Names()
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **keywords: Any) -> Any:
        if not str(host).endswith(".test"):
            return real(host, port, *args, **keywords)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names.next()
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names
