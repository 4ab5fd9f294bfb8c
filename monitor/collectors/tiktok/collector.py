"""TikTok through the Research API: videos by keyword, hashtag or account, comments, public acts.

Written from https://developers.tiktok.com/doc/research-api-specs-query-videos and its siblings
(2026-11-23); mapping.py, research.py and search.py name the pages they follow.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.tiktok.reader import Reader, Share
from monitor.collectors.tiktok.research import HOST, ResearchClient
from monitor.collectors.tiktok.search import Days, one_video, query_of
from monitor.collectors.trouble import NotConfigured, Passing
from monitor.domain import Source
from monitor.errors import ConfigurationError


class Numbers:
    """Checks that an option is a whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text.strip()):
            raise ValueError("harus berupa bilangan bulat")
        if not self._least <= int(text) <= self._most:
            raise ValueError(f"harus antara {self._least} dan {self._most}")
        return int(text)


class Words:
    """Checks a list separated by commas: what a word may be, and how many there may be."""

    def __init__(self, pattern: str, example: str, most: int) -> None:
        self._pattern, self._example, self._most = re.compile(pattern), example, most

    def __call__(self, text: str) -> list[str]:
        words = _split(text)
        if len(words) > self._most:
            raise ValueError(f"{len(words)} butir; paling banyak {self._most}")
        for word in words:
            if not self._pattern.fullmatch(word):
                raise ValueError(f"{word!r} tidak dapat dipakai; contoh: {self._example}")
        return words


_USERNAME = r"[A-Za-z0-9._]{1,32}"
KEY = Option("client_key", "Nama berkas kredensial berisi client key.", True, credential=True)
SECRET = Option(
    "client_secret", "Nama berkas kredensial berisi client secret.", True, credential=True
)
KEYWORDS = Option(
    "keywords",
    "Kata atau frasa dalam keterangan video, dipisah koma.",
    check=Words(r".{2,100}", "paslon 02", 30),
)
HASHTAGS = Option(
    "hashtags", "Tagar tanpa tanda #, dipisah koma.", check=Words(r"\w{1,100}", "pilkada", 50)
)
ACCOUNTS = Option(
    "accounts", "Akun yang videonya dibaca, dipisah koma.", check=Words(_USERNAME, "budi.kab", 100)
)
LIKED_BY = Option(
    "liked_by",
    "Akun yang suka dan bagi-ulangnya yang terbuka dibaca sekali sehari, dipisah koma; dua "
    "permintaan per akun.",
    check=Words(_USERNAME, "budi.kab", 100),
)
COUNTRY = Option(
    "country",
    "Negara pendaftaran akun, dua huruf; - berarti semua. Tanpa diisi: ID.",
    default="ID",
    check=Words(r"[A-Z]{2}|-", "ID", 1),
)
PROFILES = Option(
    "profiles",
    "Sesudah sekian profil (bio) dibaca, sisanya menunggu putaran berikutnya; 0 berarti tanpa "
    "bio. Tanpa diisi: 100.",
    default="100",
    check=Numbers(0, 900),
)
COMMENTS = Option(
    "comments",
    "Komentar dibaca pada paling banyak sekian video setiap kali berjalan; TikTok tidak memberi "
    "penulisnya. Tanpa diisi: 0.",
    default="0",
    check=Numbers(0, 300),
)
DAYS = Option(
    "days",
    "Berapa hari ke belakang pada pengumpulan pertama. Tanpa diisi: 7.",
    default="7",
    check=Numbers(1, 365),
)


class TikTokCollector:
    def __init__(self, tools: Tools, host: str = HOST) -> None:
        self._tools = tools
        self._host = host

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        client = self._client(source)
        now = self._tools.now()
        reader = self._reader(source, client)
        acts_on = str(cursor.get("acts_on", ""))
        acted = list(cursor.get("acted", []))
        days = Days.from_state(cursor, now, timedelta(days=_number(source, DAYS)))
        if _listed(source, KEYWORDS) or _listed(source, HASHTAGS) or _listed(source, ACCOUNTS):
            query = _query(source)
            for posts in reader.videos(days, query):
                stored = {**days.stored(), "acts_on": acts_on, "acted": acted}
                yield Page(posts, stored, cost=client.spent())
        elif not _listed(source, LIKED_BY):
            raise NotConfigured(
                "Sumber ini belum punya isi. Isi keywords, hashtags, atau accounts."
            )
        # Lists of acts have no mark to go on from: once a day each, so that they are not given
        # again and again; `acted` remembers who was read already when a run is killed.
        today = now.astimezone(UTC).date().isoformat()
        acted = acted if acts_on == today else []
        for account in _listed(source, LIKED_BY):
            if account not in acted:
                posts = reader.acts(account)
                acted = [*acted, account]
                stored = {**days.stored(), "acts_on": today, "acted": acted}
                yield Page(posts, stored, cost=client.spent())

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        identity, at = str(received.get("id", "")), _moment(received.get("posted_at"))
        raw = received.get("raw")
        comment = isinstance(raw, Mapping) and "video_id" in raw
        if not identity.isdigit() or at is None or comment:
            raise Passing("TikTok hanya dapat ditanya tentang video, bukan komentar atau suka.")
        client = self._client(source)
        return self._reader(source, client).one(*one_video(identity, at), identity)

    def _reader(self, source: Source, client: ResearchClient) -> Reader:
        share = Share(_number(source, PROFILES), _number(source, COMMENTS))
        return Reader(client, share, source.region)

    def _client(self, source: Source) -> ResearchClient:
        key, secret = (self._secret(source, option) for option in (KEY, SECRET))
        return ResearchClient(self._tools, key=key, secret=secret, host=self._host)

    def _secret(self, source: Source, option: Option) -> str:
        name = source.options.get(option.name, "")
        if not name:
            raise NotConfigured(f"Pilihan {option.name} belum diisi dengan nama berkas kredensial.")
        try:
            return self._tools.credentials.read(name)
        except ConfigurationError as error:
            raise NotConfigured(error.detail) from None


def _query(source: Source) -> dict[str, Any]:
    return query_of(
        source, _listed(source, KEYWORDS), _listed(source, HASHTAGS), _listed(source, ACCOUNTS)
    )


def _split(text: str) -> list[str]:
    words = (part.strip().lstrip("@#").strip() for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(word for word in words if word))


def _listed(source: Source, option: Option) -> list[str]:
    return _split(source.options.get(option.name, ""))


def _number(source: Source, option: Option) -> int:
    text = source.options.get(option.name) or option.default
    if not text.strip().isdigit():
        raise NotConfigured(f"Pilihan {option.name} harus berupa bilangan bulat. Perbaiki sumber.")
    return int(text)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


TIKTOK = Kind(
    name="tiktok",
    title="TikTok (Research API)",
    platform="tiktok",
    build=TikTokCollector,
    options=(
        KEY,
        SECRET,
        KEYWORDS,
        HASHTAGS,
        ACCOUNTS,
        LIKED_BY,
        COUNTRY,
        PROFILES,
        COMMENTS,
        DAYS,
    ),
    needs_agreement=True,
    least_seconds=3600,
)
