"""Every write of v1 accepts Idempotency-Key: its answer is kept for 24 hours and given again.

A middleware, not a route class: the answer may be kept only after the endpoint's transaction has
committed, and that happens outside the route.
"""

import hashlib
from datetime import timedelta

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import idempotent_posts
from api.auth import SESSION_COOKIE, authenticate, bearer_token
from api.errors import netra_problem
from monitor.clock import utcnow
from monitor.errors import IdempotencyMismatch, InputError, NetraError, RequestInProgress
from monitor.runtime import Runtime
from monitor.storage import idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY_LIMIT = 255
# A request that died with its process must not block its key for a day.
_RUNNING_LIMIT = timedelta(minutes=2)
_KEPT = timedelta(hours=24)
_WRITING = frozenset({"POST", "PATCH", "PUT", "DELETE"})


class IdempotencyKeys:
    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _applies(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        try:
            claim = await run_in_threadpool(self._begin, request, body)
        except NetraError as error:
            await netra_problem(error)(scope, receive, send)
            return
        if isinstance(claim, Response):
            await claim(scope, receive, send)
            return
        await self._run(claim, scope, _replay(body), send)

    async def _run(self, claim: "_Claim", scope: Scope, receive: Receive, send: Send) -> None:
        answer = _HeldAnswer()
        try:
            await self._app(scope, receive, answer)
        finally:
            # Only a success is kept: after a refusal nothing was changed, and the same key may
            # be used for the next try.
            if answer.succeeded:
                await run_in_threadpool(self._keep, claim, answer)
            else:
                await run_in_threadpool(self._forget, claim)
        # Sent last: whoever has the answer must find it kept when asking again.
        for message in answer.messages:
            await send(message)

    def _begin(self, request: Request, body: bytes) -> "_Claim | Response":
        """Return a claim when this request is the one to run, else the answer already kept."""
        # First of all: a key revoked since must not be given the kept answer.
        authenticate(request, self._runtime)
        claim = _Claim(request)
        request_hash = _request_hash(request, body)
        now = utcnow()
        with self._runtime.database.write() as connection:
            kept = idempotency.find(connection, claim.owner, claim.key)
            if kept and now - kept.created_at > (_KEPT if kept.status else _RUNNING_LIMIT):
                idempotency.forget(connection, claim.owner, claim.key)
                kept = None
            if kept is None and idempotency.begin(
                connection, owner=claim.owner, key=claim.key, request_hash=request_hash, at=now
            ):
                return claim
        if kept is not None and kept.request_hash != request_hash:
            raise IdempotencyMismatch("Pakai kunci baru untuk permintaan yang berbeda.")
        if kept is None or kept.status is None:
            raise RequestInProgress("Tunggu jawabannya, lalu kirim lagi dengan kunci yang sama.")
        return Response(
            idempotent_posts.restored(kept.body, body, request.url.path) or None,
            status_code=kept.status,
            media_type=kept.media_type or None,
            headers={REPLAYED: "true"},
        )

    def _keep(self, claim: "_Claim", answer: "_HeldAnswer") -> None:
        with self._runtime.database.write() as connection:
            idempotency.finish(
                connection,
                owner=claim.owner,
                key=claim.key,
                status=answer.status,
                media_type=answer.media_type,
                body=idempotent_posts.without_ids(bytes(answer.body), claim.path),
            )

    def _forget(self, claim: "_Claim") -> None:
        with self._runtime.database.write() as connection:
            idempotency.forget(connection, claim.owner, claim.key)


class _Claim:
    """Whose key it is: two partners may use the same text without meeting."""

    def __init__(self, request: Request) -> None:
        self.key = request.headers[HEADER]
        self.path = request.url.path
        if not 0 < len(self.key) <= _KEY_LIMIT:
            raise InputError(f"{HEADER} harus 1 sampai {_KEY_LIMIT} karakter.")
        credential = bearer_token(request) or request.cookies[SESSION_COOKIE]
        self.owner = hashlib.sha256(credential.encode()).hexdigest()


class _HeldAnswer:
    """Holds the answer back; answers to writes are small."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.status = 0
        self.media_type = ""
        self.body = bytearray()

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = {name.lower(): value for name, value in message["headers"]}
            self.media_type = headers.get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
        self.messages.append(message)


def _applies(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in _WRITING
        and scope["path"].startswith("/v1/")
        # Predicting changes nothing and keeps nothing: there is no answer to keep either.
        and scope["path"] != "/v1/predict"
        # Without a key nobody can be told from another; the same report twice is one by itself.
        and (scope["path"] != "/v1/reports" or bool(bearer_token(Request(scope))))
        and any(name.lower() == HEADER.lower().encode() for name, _ in scope["headers"])
    )


def _request_hash(request: Request, body: bytes) -> str:
    place = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(place.encode() + body).hexdigest()


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
