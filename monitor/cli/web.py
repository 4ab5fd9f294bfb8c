"""Serves the web application; named by string, because `monitor` does not import `api`."""

import importlib
import signal
import socket
from collections.abc import Callable

import click
import uvicorn

from monitor.errors import ConfigurationError
from monitor.runtime import Runtime


def _nothing() -> None:
    pass


def serve_app(
    runtime: Runtime,
    *,
    on_start: Callable[[], None] = _nothing,
    on_stop: Callable[[], None] = _nothing,
) -> None:
    """Serve until SIGTERM or SIGINT; the worker starts only once the address is taken."""
    settings = runtime.settings
    app = importlib.import_module("api.app").create_app(runtime)
    listening = _listen(settings.host, settings.port)
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        ),
        on_start,
    )
    # uvicorn raises the signal again once it has shut down; with the default handlers that would
    # end the process before the worker has finished its transaction.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    try:
        server.run(sockets=[listening])
    finally:
        on_stop()
        runtime.database.dispose()


def _listen(host: str, port: int) -> socket.socket:
    """Take the address before anything is started, and say plainly when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            f"Alamat {host}:{port} tidak dapat dipakai; mungkin sudah dipakai"
            " program lain. Ubah NETRA_HOST atau NETRA_PORT."
        ) from error


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_start()
            host, port = (sockets or [])[0].getsockname()[:2]
            click.echo(f"Netra siap di http://{host}:{port}", err=True)
