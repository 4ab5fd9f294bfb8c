"""Where an answer sends us, whether we go there, and what we take along."""

import httpx2

from monitor.errors import AddressRefused, UnexpectedAnswer
from monitor.net.answer import Answer
from monitor.net.outgoing import build_request
from monitor.net.urls import accepted_url, shown

_STATUSES = frozenset((301, 302, 303, 307, 308))
_METHODS = frozenset(("GET", "HEAD"))
# Everything else a caller sent may be a key to the first host: there are too many names for
# such headers to list those that must stay behind.
_KEPT_ELSEWHERE = frozenset(("accept", "accept-language"))
_SET_BY_US = frozenset(("accept-encoding", "host", "user-agent"))


def next_request(request: httpx2.Request, answer: Answer) -> httpx2.Request | None:
    """Return the request an answer leads to, or None when it is the last; refuse a bad one."""
    location = answer.headers.get("location", "")
    if answer.status not in _STATUSES or request.method not in _METHODS or not location:
        return None
    target = _target(request.url, location)
    if request.url.scheme == "https" and target.scheme == "http":
        raise AddressRefused(
            f"{shown(request.url)} mengalihkan dari https ke http, yang dapat dibaca dan diubah"
            " siapa pun di jalan. Isi alamat https tujuan akhirnya bila ada."
        )
    kept = {
        name: value
        for name, value in request.headers.items()
        if name in _KEPT_ELSEWHERE or (name not in _SET_BY_US and _same_party(request.url, target))
    }
    # Content headers belong to a body, and a redirect is followed without one.
    kept = {name: value for name, value in kept.items() if not name.startswith("content-")}
    return build_request(request.headers["user-agent"], request.method, target, headers=kept)


def _target(base: httpx2.URL, location: str) -> httpx2.URL:
    try:
        target = base.join(location)
    except (httpx2.InvalidURL, ValueError):
        target = None
    if target is None:
        raise UnexpectedAnswer(f"{shown(base)} mengalihkan ke alamat yang tidak dapat dibaca.")
    return accepted_url(target)


def _same_party(before: httpx2.URL, after: httpx2.URL) -> bool:
    """Another port is another service; only the step from http to https stays at home."""
    if before.host != after.host:
        return False
    upgraded = before.scheme == "http" and after.scheme == "https"
    return before.origin == after.origin or (
        upgraded and before.port is None and after.port is None
    )
