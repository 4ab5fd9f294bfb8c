"""Instagram: professional accounts (business discovery) and hashtags, through the Graph API.

Written from https://developers.facebook.com/docs/instagram-api/reference/ig-user/business_discovery,
.../guides/hashtag-search and .../reference/ig-hashtag/recent-media (2026-11-23).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.meta import instagram_mapping as mapping
from monitor.collectors.meta.graph import FACEBOOK_HOST, GraphClient, credential, token_of
from monitor.collectors.meta.options import (
    APP_SECRET,
    DAYS,
    TOKEN,
    VERSION,
    WordList,
    api_version,
    first_reach,
    listed,
)
from monitor.collectors.meta.reading import batch_of, text_of, timed_entry, with_words
from monitor.collectors.meta.rounds import Turn, go_round
from monitor.collectors.meta.walk import Batch, Bounds, walk
from monitor.collectors.trouble import AnswerChanged, NotConfigured, Passing, QuotaSpent
from monitor.domain import Source

# "a maximum of 30 unique hashtags ... within a rolling, 7 day period", counted per account.
HASHTAG_LIMIT, HASHTAG_WINDOW = 30, timedelta(days=7)
# "Only returns media objects published within 24 hours of query execution."
_HASHTAG_REACH = timedelta(hours=24)
_OVERLAP = timedelta(hours=1)
# "Responses will not always be in chronological order": more overlap for hashtags.
_HASHTAG_OVERLAP = timedelta(hours=3)
_PAGE_SIZE = 50
_LOOK_PAGES = 4
# The key of the cursor under which the hashtags asked for are counted; no account is called so.
_ASKED = "#"


class InstagramCollector:
    def __init__(self, tools: Tools, host: str = FACEBOOK_HOST) -> None:
        self._tools = tools
        self._host = host

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        names = [f"@{name}" for name in listed(source, "accounts")]
        names += [f"#{tag}" for tag in listed(source, "hashtags")]
        if not names:
            raise NotConfigured("Sumber ini belum punya isi. Isi pilihan accounts atau hashtags.")
        client = self._client(source)
        reader = _Reader(client, source, self._tools, cursor.get(_ASKED, {}))
        for page in go_round(cursor, names, reader.follow, client.spent):
            stored = {**page.cursor, _ASKED: reader.asked()}
            yield Page(page.items, stored, page.cost, page.gap_since)

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        author = received.get("author")
        handle = text_of(author, "handle") if isinstance(author, Mapping) else ""
        if not handle:
            raise Passing(
                "Instagram tidak memberi akun pemilik unggahan tagar; keadaannya tidak dapat dicek."
            )
        reader = _Reader(self._client(source), source, self._tools, {})
        return reader.find(handle, str(received.get("id", "")), received.get("posted_at"))

    def _client(self, source: Source) -> GraphClient:
        return GraphClient(
            self._tools,
            host=self._host,
            version=api_version(source),
            token=token_of(self._tools, source, TOKEN.name),
            app_secret=credential(self._tools, source, APP_SECRET.name),
        )


class _Reader:
    """Reads the accounts and hashtags of one source during one run."""

    def __init__(
        self, client: GraphClient, source: Source, tools: Tools, asked: Mapping[str, int]
    ) -> None:
        self._client = client
        self._user = source.options.get("user_id", "")
        self._region = source.region
        self._now = tools.now()
        self._reach = first_reach(source)
        self._owner: Mapping[str, str] = {}
        self._asked = dict(asked)

    def asked(self) -> dict[str, int]:
        """Return the hashtags that still count against the account, with their first second."""
        oldest = (self._now - HASHTAG_WINDOW).timestamp()
        return {tag: at for tag, at in self._asked.items() if at > oldest}

    def follow(self, name: str, state: Mapping[str, Any]) -> Iterator[Turn]:
        follow = self._account if name.startswith("@") else self._hashtag
        yield from follow(name[1:], state)

    def _account(self, name: str, state: Mapping[str, Any]) -> Iterator[Turn]:
        bounds = Bounds(self._now - self._reach, self._now, _OVERLAP)
        for step in walk(state, lambda since, after: self._media(name, after), bounds):
            yield Turn(self._posts(step.fresh, self._owner), step.state)

    def _hashtag(self, tag: str, state: Mapping[str, Any]) -> Iterator[Turn]:
        known = text_of(state, "hashtag_id", 64)
        hashtag_id = self._hashtag_id(tag, known)
        start = self._now - min(self._reach, _HASHTAG_REACH)
        read_at = state.get("read_at")
        # What was posted between the last finished walk and 24 hours ago can no longer be had.
        gap = _gap(read_at, self._now)
        bounds = Bounds(start, self._now, _HASHTAG_OVERLAP)
        walk_state: Mapping[str, Any] = state.get("walk", {})
        for step in walk(walk_state, lambda since, after: self._recent(hashtag_id, after), bounds):
            if step.finished:
                read_at = int(self._now.timestamp())
            stored = {"hashtag_id": hashtag_id, "walk": step.state, "read_at": read_at}
            yield Turn(self._posts(step.fresh, {}), stored, gap)
            gap = None

    def find(self, handle: str, identity: str, posted_at: object) -> Mapping[str, Any] | None:
        """Look for a post in its owner's newest media; None where the list goes past its time."""
        posted = timed_entry({"id": identity, "posted_at": posted_at}, "posted_at")
        after = ""
        for _ in range(_LOOK_PAGES):
            batch = self._media(handle, after)
            for entry in batch.entries:
                if entry.id == identity:
                    return mapping.media_post(entry.item, self._owner, region=self._region)
            times = [entry.at for entry in batch.entries if entry.at is not None]
            past = posted is not None and posted.at is not None and times and min(times) < posted.at
            if past or not batch.after:
                return None
            after = batch.after
        raise Passing("Unggahan terlalu lama untuk dicek: tidak ada dalam media terbaru akunnya.")

    def _media(self, name: str, after: str) -> Batch:
        body = self._client.get(self._user, {"fields": mapping.discovery(name, _PAGE_SIZE, after)})
        account = body.get("business_discovery")
        if not isinstance(account, Mapping):
            raise AnswerChanged("Jawaban Instagram tidak memuat business_discovery.")
        self._owner = mapping.owner(account, name)
        # An account without media has no `media` at all.
        media = account.get("media", {"data": []})
        return batch_of(media, lambda item: timed_entry(item, "timestamp"), needs_next=False)

    def _recent(self, hashtag_id: str, after: str) -> Batch:
        params = {"user_id": self._user, "fields": mapping.HASHTAG_FIELDS, "limit": str(_PAGE_SIZE)}
        if after:
            params["after"] = after
        body = self._client.get(f"{hashtag_id}/recent_media", params)
        return batch_of(body, lambda item: timed_entry(item, "timestamp"), needs_next=False)

    def _hashtag_id(self, tag: str, known: str) -> str:
        """Return the number of a hashtag, counting it first: a new one must still be free."""
        asked = self.asked()
        if tag not in asked and len(asked) >= HASHTAG_LIMIT:
            first = datetime.fromtimestamp(min(asked.values()), UTC)
            raise QuotaSpent(
                f"{HASHTAG_LIMIT} tagar sudah dipakai dalam 7 hari terakhir; tagar baru menunggu.",
                until=first + HASHTAG_WINDOW,
            )
        self._asked = {**asked, tag: asked.get(tag, int(self._now.timestamp()))}
        if known:
            return known
        body = self._client.get("ig_hashtag_search", {"user_id": self._user, "q": tag})
        found = body.get("data")
        first_found = found[0] if isinstance(found, list) and found else None
        hashtag_id = text_of(first_found, "id", 64) if isinstance(first_found, Mapping) else ""
        if not hashtag_id.isdigit():
            raise AnswerChanged("Pencarian tagar Instagram tidak memberi nomor tagar.")
        return hashtag_id

    def _posts(self, fresh: list[Any], owner: Mapping[str, str]) -> list[dict[str, Any]]:
        return with_words(
            [mapping.media_post(entry.item, owner, region=self._region) for entry in fresh]
        )


def _gap(read_at: object, now: datetime) -> datetime | None:
    if not isinstance(read_at, int):
        return None
    last = datetime.fromtimestamp(read_at, UTC)
    return last if now - last > _HASHTAG_REACH else None


INSTAGRAM = Kind(
    name="instagram",
    title="Instagram",
    platform="instagram",
    build=InstagramCollector,
    options=(
        TOKEN,
        APP_SECRET,
        Option(
            "user_id",
            "Nomor akun Instagram profesional milik lembaga, yang melakukan pencarian.",
            required=True,
            check=WordList(r"\d{5,30}", "17841405309211844", 1),
        ),
        Option(
            "accounts",
            "Akun bisnis atau kreator yang dibaca, dipisah koma. Akun pribadi tidak dapat dibaca.",
            check=WordList(r"[A-Za-z0-9._]{1,30}", "pemkab.contoh", 200),
        ),
        Option(
            "hashtags",
            "Tagar yang dicari, dipisah koma, paling banyak 30; tanpa emoji.",
            check=WordList(r"\w{1,100}", "pilkada2029", HASHTAG_LIMIT),
        ),
        DAYS,
        VERSION,
    ),
    needs_agreement=True,
    least_seconds=300,
)
