"""Walks the web preview of public channels (https://t.me/s/NAME) from the newest page back.

Telegram's terms forbid reading it this way without consent (README.md): it runs only under a
recorded agreement, and robots.txt is obeyed.

The newest page comes first. So the cursor keeps the unfinished walk of each channel: `since` (the
newest number of the last finished walk), `before` (the next, older page) and `newest` (what `since`
becomes at the end). After a kill the walk goes on at `before`; `since` moves only at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from monitor.collectors.base import Cursor, Page, Tools
from monitor.collectors.telegram.channels import Channel, known_channels
from monitor.collectors.telegram.preview_pages import PreviewPage, read_channel_page, read_widget
from monitor.collectors.trouble import AnswerChanged, SourceGone, answered

SITE = "https://t.me"
_GONE = "tidak ada, pribadi, atau bukan kanal"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where one channel stands; `left` bounds the very first walk."""

    since: int = 0
    before: int = 0
    newest: int = 0
    left: int = 0

    @classmethod
    def of(cls, stored: object, first_posts: int) -> "Walk":
        parts = stored if isinstance(stored, dict) else {}
        names = ("since", "before", "newest", "left")
        values = [parts.get(name) for name in names]
        walk = cls(*(value if isinstance(value, int) else 0 for value in values))
        return walk if walk.since or walk.before else cls(left=first_posts)

    def stored(self) -> dict[str, int]:
        parts = {
            "since": self.since,
            "before": self.before,
            "newest": self.newest,
            "left": self.left,
        }
        return {name: value for name, value in parts.items() if value}

    def after(self, page: PreviewPage, taken: int) -> "Walk":
        """Return the walk once the page has been stored; `before` is 0 when it is through."""
        newest = max([self.newest, self.since, *page.numbers])
        lowest = min(page.numbers, default=0)
        left = self.left - taken
        stuck = self.before and lowest >= self.before
        spent = not self.since and left <= 0
        if lowest <= max(self.since, 1) or stuck or spent:
            return Walk(since=newest)
        return Walk(self.since, lowest, newest, max(left, 0))


class Preview:
    def __init__(self, tools: Tools, site: str = SITE) -> None:
        self._tools = tools
        self._site = site.rstrip("/")

    def collect(
        self, names: Sequence[str], cursor: Cursor, first_posts: int, region: str
    ) -> Iterator[Page]:
        now = self._tools.now()
        channels = known_channels(cursor)
        missing: list[str] = []
        for name in _after_last(names, str(cursor.get("last") or "")):
            known = channels.get(name, Channel())
            if known.problem and not known.is_due(now):
                continue
            try:
                for page in self._walk(name, cursor, first_posts, region):
                    cursor = page.cursor
                    yield page
                channels[name] = Channel()
            except SourceGone:
                channels[name] = known.failed(_GONE, now)
                if not known.problem:
                    missing.append(name)
            if channels[name].problem != known.problem:
                stored = {one: channel.stored() for one, channel in channels.items()}
                cursor = {**cursor, "channels": stored}
                yield Page([], cursor, cost=0)
        readable = [name for name in names if not channels.get(name, Channel()).problem]
        if missing or not readable:
            told = ", ".join(f"@{name}" for name in missing or names)
            raise SourceGone(f"Kanal {told} {_GONE}. Perbarui daftar kanalnya.")

    def look(self, name: str, number: int) -> Mapping[str, Any] | None:
        """Ask the Post Widget, which Telegram offers for showing one public post elsewhere."""
        answer = self._tools.net.get(
            f"{self._site}/{name}/{number}", params={"embed": "1", "mode": "tme"}, robots=True
        )
        return read_widget(answered(answer, self._tools.now()).text(), name, number)

    def _walk(self, name: str, cursor: Cursor, first_posts: int, region: str) -> Iterator[Page]:
        walks = cursor.get("walks") or {}
        walk = Walk.of(walks.get(name), first_posts)
        rounds = 2 if walk.before else 1  # finish an interrupted walk, then what is new since
        while rounds:
            page = self._page(name, walk.before, region)
            if walk.since and not walk.before and not page.numbers:
                # It had posts when we last looked: emptied, or no longer recognised.
                raise AnswerChanged(
                    f"Kanal @{name} tiba-tiba tampak kosong. Periksa kanalnya di peramban."
                )
            items = [post for number, post in page.posts if number > walk.since]
            walk = walk.after(page, len(items))
            walks = {**walks, name: walk.stored()}
            cursor = {**cursor, "walks": walks, "last": name}
            yield Page(items, cursor)
            rounds -= not walk.before

    def _page(self, name: str, before: int, region: str) -> PreviewPage:
        params = {"before": str(before)} if before else None
        answer = self._tools.net.get(f"{self._site}/s/{name}", params=params, robots=True)
        answered(answer, self._tools.now())
        # Whatever is no public channel is sent on to https://t.me/NAME.
        if urlsplit(answer.url).path.lower() != f"/s/{name}":
            raise SourceGone(f"@{name} {_GONE}.")
        return read_channel_page(answer.text(), name, region)


def _after_last(names: Sequence[str], last: str) -> list[str]:
    """Begin after the channel read last, so that a limit never starves the end of the list."""
    start = names.index(last) + 1 if last in names else 0
    return [*names[start:], *names[:start]]
