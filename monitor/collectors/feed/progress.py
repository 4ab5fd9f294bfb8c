"""What a source of kind `rss` remembers between runs.

Entries come in pages of a hundred, oldest first, and each page adds its own to `seen`. The
validators (ETag, Last-Modified, hash of the body) move only with the last page: a run killed
before it gets the whole feed again and goes on with what is not yet in `seen`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.collectors.base import Cursor
from monitor.collectors.publication import conditions, validator
from monitor.net import Answer


@dataclass(slots=True)
class Progress:
    """`seen` has a mark for each entry of the feed and a mark for its content."""

    url: str
    etag: str = ""
    modified: str = ""
    body: str = ""
    at: str = ""
    ttl_minutes: int = 0
    told: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor, url: str) -> "Progress":
        """Read the cursor; what is known of another address says nothing about this one."""
        if cursor.get("url") != url:
            return cls(url)
        names = ("etag", "modified", "body", "at", "told")
        return cls(
            url,
            **{name: str(cursor.get(name) or "") for name in names},
            ttl_minutes=int(cursor.get("ttl_minutes") or 0),
            seen=dict(cursor.get("seen") or {}),
        )

    def cursor(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {"seen": dict(self.seen)}

    def conditions(self) -> dict[str, str]:
        return conditions(self.etag, self.modified)

    def last_read(self) -> datetime | None:
        return datetime.fromisoformat(self.at) if self.at else None

    def is_new(self, post: Mapping[str, Any]) -> bool:
        """Whether the entry was never handed over, or has another content since."""
        return self.seen.get(id_mark(post)) != content_mark(post)

    def knows_any(self, posts: Iterable[Mapping[str, Any]]) -> bool:
        return any(id_mark(post) in self.seen for post in posts)

    def add(self, posts: Iterable[Mapping[str, Any]]) -> None:
        self.seen |= {id_mark(post): content_mark(post) for post in posts}

    def keep_only(self, posts: Iterable[Mapping[str, Any]]) -> None:
        """Forget entries that the feed no longer holds."""
        held = {id_mark(post) for post in posts}
        self.seen = {mark: content for mark, content in self.seen.items() if mark in held}

    def keep_validators(self, answer: Answer) -> None:
        self.etag = validator(answer, "etag")
        self.modified = validator(answer, "last-modified")
        self.body = body_mark(answer)


def id_mark(post: Mapping[str, Any]) -> str:
    return _mark(str(post["id"]), 6)


def content_mark(post: Mapping[str, Any]) -> str:
    author = post.get("author", {}).get("name", "")
    return _mark("\x00".join((post["text"], post.get("media_alt", ""), author)), 4)


def body_mark(answer: Answer) -> str:
    return hashlib.blake2b(answer.body, digest_size=12).hexdigest()


def _mark(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()
