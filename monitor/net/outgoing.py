"""Builds what is sent: one honest user agent, no header that could split or redirect a request."""

import re
from collections.abc import Mapping
from typing import Any

import httpx2

from monitor.errors import InputError
from monitor.net.urls import accepted_url

# Nothing but what httpx2 always unpacks in pieces, so that a bomb is noticed while it grows.
ENCODINGS = "gzip, deflate"
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"))
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VISIBLE = re.compile(r"[\x20-\x7e\t]*")
# They say where a message ends, whom it is for and who sends it: that is ours alone to say.
RESERVED = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    ]
)


def build_request(
    user_agent: str,
    method: str,
    url: str | httpx2.URL,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> httpx2.Request:
    """Return the request, or raise `AddressRefused` or `InputError` before anything is sent."""
    method = method.upper()
    if method not in _METHODS:
        raise InputError(f"Metode HTTP harus salah satu dari: {', '.join(sorted(_METHODS))}.")
    if json is not None and form is not None:
        raise ValueError("a request has one body: json or form")
    target = accepted_url(url)
    if params:
        target = target.copy_merge_params(dict(params))
    return httpx2.Request(
        method,
        target,
        headers={
            "accept": "*/*",
            **_accepted_headers(headers or {}),
            "accept-encoding": ENCODINGS,
            "user-agent": user_agent,
        },
        json=json,
        data=dict(form) if form is not None else None,
        content=content,
    )


def _accepted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    accepted = {}
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            raise InputError("Nama kepala HTTP memuat tanda yang tidak diizinkan.")
        if name.lower() in RESERVED:
            raise InputError(f"Kepala HTTP {name!r} ditentukan oleh Netra sendiri.")
        if not _VISIBLE.fullmatch(value):
            # Named, not quoted: the value is often a token with a line break too much.
            raise InputError(
                f"Isi kepala HTTP {name!r} memuat ganti baris atau tanda yang tidak diizinkan."
                " Periksa berkas kredensial yang dipakai."
            )
        accepted[name.lower()] = value.strip()
    return accepted
