"""robots.txt (RFC 9309): fetched by us, read by Protego, kept for a day per origin."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
from protego import Protego

from monitor.clock import monotonic
from monitor.errors import RobotsRefused
from monitor.net.answer import Answer
from monitor.net.urls import host_of, shown

# RFC 9309: at least this much must be read, and nothing older than a day used.
MOST_BYTES = 500 * 1024
_DAY = 24 * 3600.0
_SOON = 10 * 60.0
_REMEMBERED = 500
_AGENT_LINE = re.compile(r"\s*user(?:-|\s*)agent(?:\s*:|\s)\s*([^#]*)", re.IGNORECASE)
_SOMEBODY_ELSE = "somebody-else"


@dataclass(frozen=True, slots=True)
class _Rules:
    # None: the site could not say, and until it can nothing is fetched.
    parsed: Protego | None
    until: float


class Robots:
    def __init__(self, user_agent: str) -> None:
        # Rules name the product, not the whole header: "Netra" of "Netra/0.1 (…)".
        self._product = user_agent.partition("/")[0].split(" ")[0]
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Rules] = OrderedDict()

    def check(self, url: httpx2.URL, fetch: Callable[[httpx2.URL], Answer]) -> float:
        """Return the crawl delay asked of us (0 if none), or raise `RobotsRefused`."""
        rules = self._rules(url, fetch)
        if rules.parsed is None:
            raise RobotsRefused(
                f"robots.txt milik {host_of(url)} sedang tidak dapat dibaca, sehingga belum jelas"
                " apa yang boleh diambil. Coba lagi nanti."
            )
        if not rules.parsed.can_fetch(str(url), self._product):
            raise RobotsRefused(
                f"robots.txt melarang pengambilan {shown(url)}. Pakai API atau umpan resmi situs"
                " itu, atau minta izin pengelolanya."
            )
        return rules.parsed.crawl_delay(self._product) or 0.0

    def _rules(self, url: httpx2.URL, fetch: Callable[[httpx2.URL], Answer]) -> _Rules:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            known = self._known.get(origin)
            if known and known.until > monotonic():
                self._known.move_to_end(origin)
                return known
        # Outside the lock: a slow site holds up nobody else. Two threads may both ask, once.
        rules = self._read(fetch(httpx2.URL(f"{origin}/robots.txt")))
        with self._lock:
            self._known[origin] = rules
            self._known.move_to_end(origin)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return rules

    def _read(self, answer: Answer) -> _Rules:
        now = monotonic()
        if 200 <= answer.status < 300:
            text = answer.body[:MOST_BYTES].decode("utf-8-sig", "replace")
            return _Rules(Protego.parse(self._own_part(text)), now + _DAY)
        # RFC 9309: 4xx means there are no rules. 429 is a server that cannot answer now.
        if 400 <= answer.status < 500 and answer.status != 429:
            return _Rules(Protego.parse(""), now + _DAY)
        return _Rules(None, now + _SOON)

    def _own_part(self, text: str) -> str:
        """Leave three names in the file: everybody, ourselves, and one for all others.

        Protego copies each rule of a group to each robot the group names: 120 KB of names and
        rules would fill the memory.
        """
        product = self._product.lower()

        def kept(line: str) -> str:
            found = _AGENT_LINE.match(line)
            if not found or not found[1].strip():
                return line
            name = found[1].partition("/")[0].strip().lower()
            return f"User-agent: {name if name in ('*', product) else _SOMEBODY_ELSE}"

        return "\n".join(kept(line) for line in text.splitlines())
