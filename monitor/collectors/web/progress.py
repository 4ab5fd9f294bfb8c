"""What a source of kind `web` remembers between runs.

New links of the index go to `waiting` and are stored at once, so that the index may be asked for
conditionally from then on. Each fetched article moves its link from `waiting` to `seen` in the
page that carries its post: a killed run fetches at most one article a second time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.collectors.base import Cursor
from monitor.collectors.publication import stable_address

# Twice what the longest index shows, for links that come and go.
MOST_SEEN = 1_000
MOST_WAITING = 500
# An hour, at every five minutes.
MOST_TRIES = 12


@dataclass(slots=True)
class Progress:
    """`seen` holds marks of links, those longest absent from the index first."""

    url: str
    match: str
    etag: str = ""
    modified: str = ""
    at: str = ""
    seen: dict[str, None] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor, url: str, match: str) -> "Progress":
        """Read the cursor; another index starts anew, another pattern reads the index again."""
        if cursor.get("url") != url:
            return cls(url, match)
        same = cursor.get("match") == match
        return cls(
            url,
            match,
            etag=str(cursor.get("etag") or "") if same else "",
            modified=str(cursor.get("modified") or "") if same else "",
            at=str(cursor.get("at") or ""),
            seen=dict.fromkeys(cursor.get("seen") or ()),
            waiting={str(link): int(tries) for link, tries in cursor.get("waiting") or ()}
            if same
            else {},
        )

    def cursor(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "match": self.match,
            "etag": self.etag,
            "modified": self.modified,
            "at": self.at,
            "seen": list(self.seen),
            "waiting": [[link, tries] for link, tries in self.waiting.items()],
        }

    def take_in(self, links: Sequence[str]) -> datetime | None:
        """Queue new links, the index's order first; tell since when some may have been missed.

        They were missed where nothing known is left on the index, or where more wait than can.
        """
        before = datetime.fromisoformat(self.at) if self.at else None
        queued = set(map(mark, self.waiting))
        fresh = {}
        for link in links:
            if mark(link) in self.seen:
                # To the end, where it is kept longest.
                del self.seen[mark(link)]
                self.seen[mark(link)] = None
            elif mark(link) not in queued:
                fresh[link] = 0
        missed = bool(before and links and len(fresh) == len(links))
        queue = list({**fresh, **self.waiting}.items())
        self.waiting = dict(queue[:MOST_WAITING])
        self._forget()
        return before if missed or len(queue) > MOST_WAITING else None

    def done(self, link: str) -> None:
        self.waiting.pop(link, None)
        self.seen[mark(link)] = None
        self._forget()

    def failed(self, link: str) -> bool:
        """Put it last; return whether it has failed so often that it is given up."""
        tries = self.waiting.pop(link, 0) + 1
        if tries >= MOST_TRIES:
            self.done(link)
            return True
        self.waiting[link] = tries
        return False

    def _forget(self) -> None:
        for old in list(self.seen)[: max(len(self.seen) - MOST_SEEN, 0)]:
            del self.seen[old]


def mark(link: str) -> str:
    return hashlib.blake2b(stable_address(link).encode(), digest_size=6).hexdigest()
