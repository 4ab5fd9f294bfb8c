"""The application on a real port."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from api.app import create_app
from monitor.runtime import Runtime
from tests.public_site import Site


@pytest.fixture
def serve(runtime: Runtime) -> Iterator[Callable[[], str]]:
    """Start the application on a real port and return its address."""
    with stopping_at_the_end() as started:

        def start() -> str:
            config = uvicorn.Config(
                create_app(runtime), port=0, log_config=None, access_log=False, lifespan="off"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run)
            thread.start()
            started.append((server, thread))
            deadline = time.monotonic() + 20
            while not server.started:
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            return f"http://127.0.0.1:{port}"

        yield start


@contextmanager
def stopping_at_the_end() -> Iterator[list[tuple[uvicorn.Server, threading.Thread]]]:
    started: list[tuple[uvicorn.Server, threading.Thread]] = []
    try:
        yield started
    finally:
        for server, thread in started:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def site(serve: Callable[[], str]) -> Iterator[Site]:
    site = Site(serve())
    yield site
    site.close()
