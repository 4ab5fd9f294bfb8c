"""Who is asking: an API key, or a person signed in to the console."""

import hmac

from fastapi import Request

from monitor.access import keys, people
from monitor.clock import utcnow
from monitor.domain import Actor
from monitor.errors import AuthenticationError, PermissionDenied
from monitor.runtime import Runtime
from monitor.storage import users

SESSION_COOKIE = "netra_session"
CSRF_HEADER = "X-CSRF-Token"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def authenticate(request: Request, runtime: Runtime) -> Actor:
    """Return the actor behind a Bearer key or, for the console's own scripts, its session."""
    token = bearer_token(request)
    if token:
        return _actor_of_key(runtime, token)
    session = find_session(request, runtime)
    if session is None:
        raise AuthenticationError(
            "Sertakan kunci: Authorization: Bearer ntr_… (buat dengan `netra keys create`)."
        )
    if request.method not in _READING:
        require_csrf(session, request.headers.get(CSRF_HEADER, ""))
    return Actor(name=session.user.name, user=session.user)


def bearer_token(request: Request) -> str:
    """Return the key that was sent; '' when another scheme (a proxy's Basic, say) or none was."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def find_session(request: Request, runtime: Runtime) -> people.Session | None:
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    with runtime.database.read() as connection:
        return people.find_session(connection, token, utcnow())


def require_csrf(session: people.Session, sent: str) -> None:
    if not hmac.compare_digest(session.csrf_token.encode(), sent.encode()):
        raise PermissionDenied("Formulir kedaluwarsa; muat ulang halaman lalu kirim lagi.")


def _actor_of_key(runtime: Runtime, token: str) -> Actor:
    now = utcnow()
    with runtime.database.read() as connection:
        key = keys.check_key(connection, token)
    if keys.needs_touch(key, now):
        with runtime.database.write() as connection:
            users.touch_api_key(connection, key.id, now)
    return Actor(name=key.user.name, user=key.user, via_key=True, scopes=key.scopes)
