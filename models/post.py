"""A public post as the contract defines it, and the one place that checks its shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from models.errors import PostError
from models.labels import Platform

TEXT_LIMIT = 20_000
ID_LIMIT = 512
# Profiles are short on every platform; the limits only keep rubbish out of the index.
AUTHOR_LIMITS = {"handle": 256, "name": 512, "bio": 5_000, "location": 512}
URL_LIMIT = 4_096
COUNT_LIMIT = 2**63 - 1
_COUNTS = ("shares", "likes", "replies", "views")


@dataclass(frozen=True, slots=True)
class Author:
    """What an account shows of itself in public; empty strings where it shows nothing."""

    handle: str = ""
    name: str = ""
    bio: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One public post. `received` is the object exactly as it came, unknown fields included."""

    id: str
    platform: Platform
    text: str
    author: Author = field(default_factory=Author)
    has_author: bool = False
    media_alt: str = ""
    reply_to: str = ""
    posted_at: datetime | None = None
    url: str = ""
    region: str = ""
    shares: int = 0
    likes: int = 0
    replies: int = 0
    views: int = 0
    received: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield (field name, text) for every non-empty field in which evidence may be found."""
        for name, value in (
            ("author.handle", self.author.handle),
            ("author.name", self.author.name),
            ("author.bio", self.author.bio),
            ("author.location", self.author.location),
            ("text", self.text),
            ("media_alt", self.media_alt),
            ("reply_to", self.reply_to),
        ):
            if value:
                yield name, value


def parse_post(item: object) -> Post:
    """Check one decoded JSON value against the contract and return it as a `Post`.

    Raises `PostError` naming the field and the reason. A date never refuses a post: one that
    cannot be read is treated as unknown (`posted_at` is None) and stays in `received`.
    """
    if not isinstance(item, Mapping):
        raise PostError("", "unggahan harus berupa objek JSON")
    author = item.get("author")
    post = Post(
        id=_required_id(item),
        platform=_platform(item),
        text=_text(item, "text", TEXT_LIMIT, required=True),
        author=_author(author),
        has_author=author is not None,
        media_alt=_text(item, "media_alt", TEXT_LIMIT),
        reply_to=_text(item, "reply_to", TEXT_LIMIT),
        posted_at=_posted_at(item.get("posted_at")),
        url=_url(item),
        region=_text(item, "region", 32),
        received=item,
        **{name: _count(item, name) for name in _COUNTS},
    )
    if not post.text.strip() and not post.media_alt.strip():
        raise PostError("text", "teks kosong; boleh kosong hanya bila media_alt terisi")
    return post


def _required_id(item: Mapping[str, Any]) -> str:
    value = item.get("id")
    if value is None:
        raise PostError("id", "wajib diisi")
    if not isinstance(value, str):
        raise PostError("id", "harus berupa teks")
    if not value.strip():
        raise PostError("id", "tidak boleh kosong")
    if len(value) > ID_LIMIT:
        raise PostError("id", f"lebih dari {ID_LIMIT} karakter")
    if "\x00" in value:
        raise PostError("id", "memuat karakter NUL")
    return value


def _platform(item: Mapping[str, Any]) -> Platform:
    value = item.get("platform")
    if value is None:
        raise PostError("platform", "wajib diisi")
    try:
        return Platform(value)
    except (ValueError, TypeError):
        known = ", ".join(Platform)
        raise PostError("platform", f"tidak dikenal; pilihan: {known}") from None


def _text(item: Mapping[str, Any], name: str, limit: int, *, required: bool = False) -> str:
    value = item.get(name)
    if value is None:
        if required:
            raise PostError(name, "wajib diisi (boleh kosong bila media_alt terisi)")
        return ""
    if not isinstance(value, str):
        raise PostError(name, "harus berupa teks")
    if len(value) > limit:
        raise PostError(name, f"{len(value)} karakter; paling banyak {limit}")
    return value


def _author(value: object) -> Author:
    if value is None:
        return Author()
    if not isinstance(value, Mapping):
        raise PostError("author", "harus berupa objek {handle, name, bio, location}")
    parts: dict[str, str] = {}
    for name, limit in AUTHOR_LIMITS.items():
        part = value.get(name)
        if part is None:
            continue
        if not isinstance(part, str):
            raise PostError(f"author.{name}", "harus berupa teks")
        if len(part) > limit:
            raise PostError(f"author.{name}", f"{len(part)} karakter; paling banyak {limit}")
        parts[name] = part
    return Author(**parts)


def _posted_at(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return None
        # Converted at once: at the edges of year 1 and 9999 only the conversion overflows.
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _url(item: Mapping[str, Any]) -> str:
    value = _text(item, "url", URL_LIMIT)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise PostError("url", "harus berupa alamat http atau https")
    return value


def _count(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise PostError(name, "harus berupa bilangan bulat")
    if not 0 <= value <= COUNT_LIMIT:
        raise PostError(name, "harus 0 atau lebih")
    return value
