"""Headers that keep a page to itself, and a limit on what may be sent."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refusal
from monitor.errors import BodyTooLargeError

HEADERS = {
    # No script, style, font or picture from anywhere else, and no page around ours.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: FastAPI) -> None:
    limit = app.state.runtime.settings.request_limit_mib * 1024 * 1024
    app.add_middleware(BodyLimit, limit=limit)
    app.add_middleware(SecurityHeaders)


# Doors that stand open to everybody take no more than a long report in letters of four bytes.
_OPEN_DOORS = ("/lapor", "/v1/reports")
_OPEN_DOOR_LIMIT = 256 * 1024


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # Cases name people: nothing of them may stay in a shared browser's cache.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a body over the limit, whether its length was told or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > limit:
            await self._refuse(scope, receive, send, limit)
            return
        try:
            await self._app(scope, self._counted(receive, limit), send)
        except _TooLarge:
            await self._refuse(scope, receive, send, limit)

    def _limit_of(self, path: str) -> int:
        return min(self._limit, _OPEN_DOOR_LIMIT) if path in _OPEN_DOORS else self._limit

    def _counted(self, receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooLarge
            return message

        return counted

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        size = f"{limit // 1024**2} MiB" if limit >= 1024**2 else f"{limit // 1024} KiB"
        error = BodyTooLargeError(f"Kiriman paling besar {size}. Bagi menjadi beberapa kiriman.")
        await refusal(Request(scope), error)(scope, receive, send)


class _TooLarge(Exception):
    """Raised inside the application, before any answer has begun."""
