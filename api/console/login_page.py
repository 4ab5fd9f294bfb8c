"""Signing in and out."""

import hmac
import logging
import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import Cookie, Form, Query, Request, Response

from api.auth import SESSION_COOKIE, find_session
from api.console import notices
from api.console.login_limiter import WAIT, limiter_of
from api.console.render import render
from api.console.routing import LOGIN_PATH, SignedActor, console_router, own_page, redirect
from api.deps import RuntimeDep, Writing
from api.schemas.common import CleanText
from monitor.access import people
from monitor.errors import AuthenticationError, NetraError, PermissionDenied, TooManyAttempts
from monitor.settings import Settings

HOME = "/antrean"
# Ties the login form to the browser that asked for it, before there is a session to tie it to.
_FORM_COOKIE = "netra_masuk"

logger = logging.getLogger(__name__)
router = console_router()


@router.get("/")
def home(request: Request, runtime: RuntimeDep) -> Response:
    return redirect(HOME if find_session(request, runtime) else LOGIN_PATH)


@router.get(LOGIN_PATH)
def show_login(
    request: Request,
    runtime: RuntimeDep,
    lanjut: Annotated[CleanText, Query(max_length=500)] = "",
    pesan: Annotated[CleanText, Query(max_length=32)] = "",
) -> Response:
    if find_session(request, runtime):
        return redirect(own_page(lanjut, HOME))
    return _form(request, runtime.settings, notice=notices.plain(pesan), to=own_page(lanjut, ""))


@router.post(LOGIN_PATH)
def sign_in(
    request: Request,
    runtime: RuntimeDep,
    name: Annotated[CleanText, Form(max_length=64)] = "",
    password: Annotated[CleanText, Form(max_length=1024)] = "",
    csrf: Annotated[CleanText, Form(max_length=128)] = "",
    lanjut: Annotated[CleanText, Form(max_length=500)] = "",
    netra_masuk: Annotated[str, Cookie()] = "",
) -> Response:
    settings = runtime.settings
    to = own_page(lanjut, "")
    key = (name.strip().lower(), request.client.host if request.client else "")
    limiter = limiter_of(request.app)
    try:
        _require_own_form(netra_masuk, csrf)
        limiter.check(key)
        lifetime = timedelta(hours=settings.session_hours)
        # Two transactions: hashing takes long enough that no writer may wait for it.
        with runtime.database.read() as reading:
            user = people.check_password(reading, key[0], password)
        with runtime.database.write() as writing:
            token = people.start_session(writing, user, lifetime)
    except (AuthenticationError, TooManyAttempts, PermissionDenied) as error:
        if isinstance(error, AuthenticationError):
            limiter.record_failure(key)
            # Not the name: people type passwords into the wrong field.
            logger.warning("sign-in refused", extra={"address": key[1]})
        return _form(request, settings, error=error, name=name, to=to)
    limiter.forget(key)
    answer = redirect(to or HOME)
    _set_cookie(answer, settings, SESSION_COOKIE, token, max_age=int(lifetime.total_seconds()))
    answer.delete_cookie(_FORM_COOKIE, path=LOGIN_PATH)
    return answer


@router.post("/keluar")
def sign_out(request: Request, actor: SignedActor, connection: Writing) -> Response:
    people.sign_out(connection, request.cookies[SESSION_COOKIE])
    answer = redirect(f"{LOGIN_PATH}?pesan={notices.SIGNED_OUT}")
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def _require_own_form(cookie: str, sent: str) -> None:
    if not cookie or not hmac.compare_digest(cookie.encode(), sent.encode()):
        raise PermissionDenied(
            "Formulir masuk kedaluwarsa, atau peramban menolak kuki. Coba sekali lagi."
        )


def _form(
    request: Request,
    settings: Settings,
    *,
    error: NetraError | None = None,
    notice: notices.Notice | None = None,
    name: str = "",
    to: str = "",
) -> Response:
    token = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    answer = render(
        request,
        "masuk.html",
        status=error.status if error else 200,
        error=error.detail if error else "",
        notice=notice,
        name=name,
        to=to,
        csrf=token,
        # A link from a letter or chat arrives without the strict cookie; one more click has it.
        foreign=request.headers.get("sec-fetch-site") == "cross-site",
    )
    if isinstance(error, TooManyAttempts):
        answer.headers["Retry-After"] = str(int(WAIT.total_seconds()))
    _set_cookie(answer, settings, _FORM_COOKIE, token, max_age=3600, path=LOGIN_PATH)
    return answer


def _set_cookie(
    answer: Response, settings: Settings, name: str, value: str, *, max_age: int, path: str = "/"
) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=max_age,
        path=path,
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )
