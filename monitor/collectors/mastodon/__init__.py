"""Mastodon and compatible servers: hashtags, accounts, search, and public likes and boosts.

README.md says what is collected, by which endpoints, and what the terms say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.mastodon.client import MastodonApi
from monitor.collectors.mastodon.mapping import author_of, is_public, status_to_post
from monitor.collectors.mastodon.options import (
    HISTORY_DAYS,
    api_of,
    days,
    server_address,
    yes,
)
from monitor.collectors.mastodon.reactions import ACCOUNTS
from monitor.collectors.mastodon.run import Run
from monitor.collectors.trouble import NotConfigured, PlatformDown
from monitor.domain import Source


class MastodonCollector:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        yield from Run(self._tools, source, cursor).pages()

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        api = api_of(self._tools, source)
        raw = received.get("raw")
        status_id = raw.get("id") if isinstance(raw, Mapping) else None
        if not isinstance(status_id, str):
            raise NotConfigured("Unggahan ini tidak memuat nomor status, jadi tak dapat dicek.")
        status = api.status(status_id)
        if status is None or not is_public(status):
            return None
        if received.get("action"):
            return _still_done(api, status_id, received)
        replied = str(received.get("reply_to") or "")
        return status_to_post(status, api.host, reply_to=replied, region=source.region)


def _still_done(
    api: MastodonApi, status: str, received: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Tell whether a like or boost still stands, as far as one list of accounts can tell."""
    path = "favourited_by" if received["action"] == "like" else "reblogged_by"
    fans = api.fans(status, path, 2 * ACCOUNTS)
    author = received.get("author")
    handle = author.get("handle") if isinstance(author, Mapping) else None
    if any(author_of(fan, api.host).get("handle") == handle for fan in fans):
        return received
    if len(fans) < 2 * ACCOUNTS:
        return None
    raise PlatformDown("Daftar akun terlalu panjang untuk memastikan tindakan ini masih ada.")


MASTODON = Kind(
    name="mastodon",
    title="Mastodon dan server yang serupa",
    platform="mastodon",
    build=MastodonCollector,
    options=(
        Option(
            "server", "Nama server, misalnya mastodon.social", required=True, check=server_address
        ),
        Option("hashtags", "Tagar yang diikuti, dipisah koma; tanda # boleh ditulis"),
        Option("accounts", "Akun yang diikuti, dipisah koma, misalnya dinas@mastodon.social"),
        Option("query", "Kata yang dicari; hanya menemukan unggahan yang boleh dicari"),
        Option(
            "local",
            "Hanya unggahan dari server itu sendiri: ya atau tidak",
            default="tidak",
            check=yes,
        ),
        Option(
            "likes",
            "Ambil juga suka dan bagikan yang ditampilkan umum: ya atau tidak",
            default="ya",
            check=yes,
        ),
        Option(
            "history_days",
            "Berapa hari ke belakang pada pengambilan pertama",
            default=HISTORY_DAYS,
            check=days,
        ),
        Option(
            "token",
            "Nama kredensial berisi token aplikasi; perlu bila server memintanya",
            credential=True,
        ),
    ),
    needs_agreement=True,
    least_seconds=60,
    notes={"satuan kuota": "permintaan; server membolehkan 300 per 5 menit"},
)
