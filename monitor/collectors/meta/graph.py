"""The one client for Graph API and Threads API: token in a header, proof, limits, errors.

Written from https://developers.facebook.com/docs/graph-api/results, .../guides/secure-requests,
.../guides/error-handling and .../overview/rate-limiting (2026-11-23).
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from monitor.collectors.base import Tools
from monitor.collectors.meta.graph_errors import trouble_of_error
from monitor.collectors.meta.usage import quiet_until
from monitor.collectors.trouble import AnswerChanged, NotConfigured, RateLimited, answered
from monitor.domain import Source
from monitor.errors import ConfigurationError, UnexpectedAnswer
from monitor.net import Answer

FACEBOOK_HOST = "https://graph.facebook.com"
THREADS_HOST = "https://graph.threads.net"


class GraphClient:
    """Reads only. Never follows `paging.next`: that address carries the token."""

    def __init__(
        self, tools: Tools, *, host: str, version: str, token: str, app_secret: str = ""
    ) -> None:
        self._net = tools.net
        self._now = tools.now
        self._base = f"{host}/{version}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._proof = _appsecret_proof(token, app_secret) if app_secret else ""
        self._quiet: datetime | None = None
        self._requests = 0

    def __repr__(self) -> str:
        return f"GraphClient({self._base})"

    def get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the decoded object; raise the trouble that any other answer means."""
        now = self._now()
        if self._quiet is not None and now < self._quiet:
            raise RateLimited(
                "Kuota panggilan Meta hampir habis; menunggu sampai pulih.", until=self._quiet
            )
        query = dict(params)
        if self._proof:
            query["appsecret_proof"] = self._proof
        self._requests += 1
        answer = self._net.get(f"{self._base}/{quote(path)}", params=query, headers=self._headers)
        self._quiet = quiet_until(answer.headers, now)
        body = _body(answer)
        error = body.get("error") if isinstance(body, Mapping) else None
        if isinstance(error, Mapping):
            raise trouble_of_error(error, now=now, quiet=self._quiet or answer.retry_after(now))
        answered(answer, now)
        if not isinstance(body, Mapping):
            raise AnswerChanged("Jawaban Meta bukan objek JSON. Periksa versi Graph API.")
        return body

    def spent(self) -> int:
        """Return the requests made since the last call of this; errors count as well."""
        requests, self._requests = self._requests, 0
        return requests


def credential(tools: Tools, source: Source, option: str) -> str:
    """Return the secret an option names, "" where the option is not set."""
    name = source.options.get(option, "")
    if not name:
        return ""
    try:
        return tools.credentials.read(name)
    except ConfigurationError as error:
        raise NotConfigured(error.detail) from None


def _appsecret_proof(token: str, app_secret: str) -> str:
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _body(answer: Answer) -> Any:
    """Decode the body; that of an error status may be a page of the web server."""
    try:
        return answer.json()
    except UnexpectedAnswer:
        if answer.status < 400:
            raise
        return None


def token_of(tools: Tools, source: Source, option: str) -> str:
    token = credential(tools, source, option)
    if not token:
        raise NotConfigured(f"Pilihan {option} belum diisi dengan nama berkas kredensial.")
    return token
