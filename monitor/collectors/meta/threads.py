"""Threads: public posts by keyword or topic tag, with the profiles of their authors.

Written from https://developers.facebook.com/docs/threads/keyword-search (text of 2026-01-21),
.../threads/reference/media-retrieval and .../threads/threads-profiles (2026-11-23).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.meta import threads_mapping as mapping
from monitor.collectors.meta.graph import THREADS_HOST, GraphClient, token_of
from monitor.collectors.meta.graph_errors import NotThere
from monitor.collectors.meta.options import (
    DAYS,
    TOKEN,
    WholeNumber,
    WordList,
    first_reach,
    listed,
    number,
)
from monitor.collectors.meta.reading import batch_of, epoch_of, text_of, timed_entry, with_words
from monitor.collectors.meta.rounds import Turn, go_round
from monitor.collectors.meta.walk import Batch, Bounds, Entry, walk
from monitor.collectors.trouble import CredentialsRefused, NotConfigured
from monitor.domain import Source

_VERSION = "v1.0"
# "default is 25 and maximum is 100"
_PAGE_SIZE = 100
_OVERLAP = timedelta(hours=1)
_PAGES = 20
# "the timestamp must be greater than or equal to 1688540400"
_OLDEST = 1_688_540_400
_UNTIL = "until"
_LEAST_PROFILES = 20


def check_profiles(text: str) -> int:
    """With fewer than 20 the answers would be too small to page through by the second."""
    share = WholeNumber(0, 200)(text)
    if 0 < share < _LEAST_PROFILES:
        raise ValueError(f"harus 0 atau sedikitnya {_LEAST_PROFILES}")
    return share


PROFILES = Option(
    "profiles",
    "Sesudah sekian profil penulis (bio) dibaca, sisanya menunggu putaran berikutnya; 0 berarti "
    "tanpa bio. Perlu izin threads_profile_discovery; 1.000 per 24 jam. Tanpa diisi: 40.",
    default="40",
    check=check_profiles,
)


class ThreadsCollector:
    def __init__(self, tools: Tools, host: str = THREADS_HOST) -> None:
        self._tools = tools
        self._host = host

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        names = listed(source, "keywords") + [f"#{tag}" for tag in listed(source, "tags")]
        if not names:
            raise NotConfigured("Sumber ini belum punya isi. Isi pilihan keywords atau tags.")
        client = self._client(source)
        reader = _Reader(client, source, self._tools)
        yield from go_round(cursor, names, reader.follow, client.spent)
        if reader.refused is not None:
            # Posts without bio lose the sign of a civil servant: that must not pass unseen.
            raise reader.refused

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        client = self._client(source)
        reader = _Reader(client, source, self._tools)
        try:
            item = client.get(str(received.get("id", "")), {"fields": mapping.FIELDS})
        except NotThere:
            # The same answer means "removed" and "not to be seen by number": /me first, so that a
            # token that no longer sees anything is not taken for a removal; then the search.
            client.get("me", {"fields": "id"})
            return reader.search_for(received)
        return mapping.thread_post(item, {}, reader.region, mapping.query_of(received))

    def _client(self, source: Source) -> GraphClient:
        token = token_of(self._tools, source, TOKEN.name)
        return GraphClient(self._tools, host=self._host, version=_VERSION, token=token)


class _Reader:
    """Reads the keywords of one source during one run."""

    def __init__(self, client: GraphClient, source: Source, tools: Tools) -> None:
        self._client = client
        self.region = source.region
        self._now = tools.now()
        self._reach = first_reach(source)
        self._profiles_left = number(source, PROFILES)
        self._with_profiles = self._profiles_left > 0
        # An answer is asked for only while there are profiles left for all its authors.
        self._page_size = min(_PAGE_SIZE, self._profiles_left // 2 or _PAGE_SIZE)
        self.refused: CredentialsRefused | None = None
        # Bios live for one run only: a citizen's profile is never stored beside a cursor.
        self._profiles: dict[str, Mapping[str, Any]] = {}

    def follow(self, name: str, state: Mapping[str, Any]) -> Iterator[Turn]:
        bounds = Bounds(self._now - self._reach, self._now, _OVERLAP, _PAGES)
        query = {"q": name.lstrip("#"), "search_mode": "TAG" if name[0] == "#" else "KEYWORD"}
        if self._must_wait():
            return
        for step in walk(state, lambda since, after: self._search(query, since, after), bounds):
            yield Turn(with_words([self._post(entry, name) for entry in step.fresh]), step.state)
            if self._must_wait():
                return

    def _must_wait(self) -> bool:
        """Tell whether the rest waits for the next run: each post shall have its author's bio."""
        short = self._profiles_left < self._page_size
        return self._with_profiles and short and self.refused is None

    def search_for(self, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Look for one post by its author and second; None where the search does not know it."""
        name = mapping.query_of(received)
        author = received.get("author")
        at = epoch_of(received.get("posted_at"))
        if not name or at is None or not isinstance(author, Mapping):
            return None
        query = {
            "q": name.lstrip("#"),
            "search_mode": "TAG" if name[0] == "#" else "KEYWORD",
            "author_username": text_of(author, "handle"),
        }
        batch = self._search(query, at - 60, f"{_UNTIL}:{at + 60}")
        for entry in batch.entries:
            if entry.id == received.get("id"):
                return mapping.thread_post(entry.item, {}, self.region, name)
        return None

    def _search(self, query: Mapping[str, str], since: int, after: str) -> Batch:
        params = {
            **query,
            "search_type": "RECENT",
            "fields": mapping.FIELDS,
            "limit": str(self._page_size),
            "since": str(max(since, _OLDEST)),
        }
        kind, _, until = after.partition(":")
        if kind == _UNTIL:
            params["until"] = until
        elif after:
            params["after"] = after
        body = self._client.get("keyword_search", params)
        batch = batch_of(body, lambda item: timed_entry(item, "timestamp"))
        return batch if batch.after else replace(batch, after=self._older(batch, since))

    def _post(self, entry: Entry, query: str) -> dict[str, Any]:
        profile = self._profile(text_of(entry.item, "username", 100))
        return mapping.thread_post(entry.item, profile, self.region, query)

    def _profile(self, username: str) -> Mapping[str, Any]:
        """Return the public profile, {} where there is none to be had within this run's share."""
        if not username or username in self._profiles or self._profiles_left <= 0:
            return self._profiles.get(username, {})
        self._profiles_left -= 1
        try:
            profile = self._client.get("profile_lookup", {"username": username})
        except NotThere:
            # Only profiles of adults with 1,000 followers or more are told.
            profile = {}
        except CredentialsRefused as refused:
            self.refused, self._profiles_left = refused, 0
            profile = {}
        self._profiles[username] = profile
        return profile

    def _older(self, batch: Batch, since: int) -> str:
        """Return where to go on: the search documents `until` but shows no paging cursor.

        A full answer may have more behind it, so that the next one ends at this one's oldest
        second; the walk notices when nothing new comes any more.
        """
        times = [entry.at for entry in batch.entries if entry.at is not None]
        if batch.size < self._page_size or min(times) <= since:
            return ""
        return f"{_UNTIL}:{min(times)}"


THREADS = Kind(
    name="threads",
    title="Threads",
    platform="threads",
    build=ThreadsCollector,
    options=(
        TOKEN,
        Option(
            "keywords",
            "Kata atau frasa yang dicari, dipisah koma.",
            check=WordList(r"[^#].{1,99}", "dukung paslon 02", 50),
        ),
        Option(
            "tags",
            "Topik (topic tag) yang dicari, dipisah koma.",
            check=WordList(r"[^#].{1,49}", "pilkada", 50),
        ),
        PROFILES,
        DAYS,
    ),
    needs_agreement=True,
    least_seconds=900,
)
