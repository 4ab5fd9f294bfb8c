"""What every page shares: who is signed in, the form token, and the way to the login page."""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.auth import find_session, require_csrf
from api.deps import RuntimeDep
from api.schemas.common import CleanText
from monitor.access.people import Session
from monitor.domain import Actor, parse_case_label
from monitor.errors import NotFoundError

LOGIN_PATH = "/masuk"
# Where a form or the login page may send a browser back to: pages of the console, nothing else.
_OWN_PAGE = re.compile(
    r"^/(antrean|status|laporan(?:/L-[0-9A-Z]{4}-[0-9A-Z]{4})?|kasus/K-\d{1,12})(\?[\w=&%.+-]*)?$",
    re.ASCII,
)


class _SignInNeeded(Exception):
    """Raised by a page that needs a session; answered with a way to the login page."""


class ConsoleRoute(APIRoute):
    """Sends a browser without a session to the login page instead of answering 401."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_or_send_to_login(request: Request) -> Response:
            try:
                return await handle(request)
            except _SignInNeeded:
                return redirect(_login_path(request))

        return handle_or_send_to_login


def console_router() -> APIRouter:
    return APIRouter(route_class=ConsoleRoute, include_in_schema=False)


def redirect(path: str) -> Response:
    """Answer a form or a short cut: the browser fetches `path` with GET."""
    return RedirectResponse(path, status_code=303)


def own_page(path: str, default: str) -> str:
    """Return `path` if it is a page of the console; whatever else was sent gives `default`."""
    return path if _OWN_PAGE.match(path) else default


def get_session(request: Request, runtime: RuntimeDep) -> Session:
    session = find_session(request, runtime)
    if session is None:
        raise _SignInNeeded
    return session


SessionDep = Annotated[Session, Depends(get_session)]


def get_actor(session: SessionDep) -> Actor:
    return Actor(name=session.user.name, user=session.user)


def get_signed_actor(
    session: SessionDep, csrf: Annotated[CleanText, Form(max_length=128)] = ""
) -> Actor:
    """Return who sent the form, once the form is known to come from a page of ours."""
    require_csrf(session, csrf)
    return get_actor(session)


ActorDep = Annotated[Actor, Depends(get_actor)]
SignedActor = Annotated[Actor, Depends(get_signed_actor)]


def get_case_number(label: str) -> int:
    number = parse_case_label(label)
    if number is None:
        raise NotFoundError("Itu bukan nomor kasus; contoh: K-000042.")
    return number


CaseNumber = Annotated[int, Depends(get_case_number)]


def _login_path(request: Request) -> str:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET" and own_page(asked, ""):
        return f"{LOGIN_PATH}?lanjut={quote(asked, safe='/')}"
    return LOGIN_PATH
