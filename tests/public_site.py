"""The public door as a browser without scripts sees it, and the desk behind it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import select

from api.auth import SESSION_COOKIE
from monitor.access import people
from monitor.cli.console import OPERATOR
from monitor.clock import utcnow
from monitor.domain import Role
from monitor.runtime import Runtime
from monitor.storage.tables import metadata
from tests.clock import moved_on
from tests.steps import PASSWORD

ASN_TEXT = (
    "Saya guru PNS di SDN 3 Sragen. Ayo coblos nomor 2 tanggal 27 November!"
    " Menangkan paslon 02, jangan sampai kalah."
)
CITIZEN_TEXT = "Warung bakso buka, ayo pilih nomor 2 ya tetangga."
SEEN = "Akun ini guru negeri dan mengajak memilih paslon."
FILL_SECONDS = 10


class Site:
    """A browser without scripts, from an address of its own."""

    def __init__(self, url: str, address: str = "203.0.113.7") -> None:
        self.url = url
        self._client = httpx2.Client(base_url=url, headers={"X-Forwarded-For": address})

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self._client.get(path, headers={"Accept": "text/html"} | more.pop("headers", {}))

    def post(self, path: str, **more: Any) -> httpx2.Response:
        headers = {"Accept": "text/html"} | more.pop("headers", {})
        return self._client.post(path, headers=headers, **more)

    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.get("/lapor").text)
        assert found
        return found[1]

    def report(self, token: str = "", **fields: str) -> httpx2.Response:
        """Open the form, take ten seconds over it, send it."""
        data = {"token": token or self.token(), "seen": SEEN, **fields}
        with moved_on(seconds=FILL_SECONDS):
            return self.post("/lapor", data=data)

    def reported(self, **fields: str) -> str:
        """Report and return the ticket."""
        answer = self.report(**fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/lapor/").removesuffix("?baru=1")


def sign_in(runtime: Runtime, site: Site, name: str, role: Role) -> Callable[..., httpx2.Response]:
    """Return a function that sends a form of the console as this person."""
    with runtime.database.write() as connection:
        user = people.add_user(connection, name, role, PASSWORD, by=OPERATOR)
        token = people.start_session(connection, user, timedelta(hours=1))
    with runtime.database.read() as connection:
        session = people.find_session(connection, token, utcnow())
    assert session
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}

    def send(path: str, **fields: str) -> httpx2.Response:
        if not fields:
            return site.get(path, headers=cookie)
        return site.post(path, headers=cookie, data={"csrf": session.csrf_token, **fields})

    return send


def rows(runtime: Runtime, what: Any) -> list[Any]:
    with runtime.database.read() as connection:
        return list(connection.execute(select(what)).all())


def dump(runtime: Runtime) -> str:
    return str([rows(runtime, known) for known in metadata.tables.values()])
