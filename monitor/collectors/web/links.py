"""The links of an index page that lead to articles, as the source's pattern says."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html

from monitor.collectors.publication import is_web_address, stable_address

# More than any index shows; a longer address is no article.
MOST_LINKS = 500
_LONGEST = 1_000


def article_links(
    page: lxml.html.HtmlElement, place: str, wanted: Callable[[str], bool]
) -> list[str]:
    """Return whole addresses in the order of the page, each once, on the index's own site."""
    base = page.find(".//base[@href]")
    start = place if base is None else _absolute(place, base.get("href") or "") or place
    found: dict[str, str] = {}
    for anchor in page.iter("a"):
        url = _absolute(start, anchor.get("href") or "")
        if url and same_site(url, place) and wanted(url):
            found.setdefault(stable_address(url), url)
    # An index that lists itself, with or without a page number, is no article.
    found.pop(stable_address(place), None)
    return list(found.values())[:MOST_LINKS]


def same_site(url: str, place: str) -> bool:
    """Whether both lie on one host or one of its subdomains; advertisements mostly do not."""
    home = (urlsplit(place).hostname or "").removeprefix("www.")
    host = urlsplit(url).hostname or ""
    return host.removeprefix("www.") == home or host.endswith(f".{home}")


def pattern(value: str) -> re.Pattern[str]:
    """Check an option that holds a regular expression."""
    try:
        return re.compile(value)
    except (re.error, RecursionError):
        raise ValueError(
            "bukan pola (regular expression) yang benar, misalnya /berita/[0-9]+"
        ) from None


def _absolute(place: str, href: str) -> str:
    try:
        url = urldefrag(urljoin(place, href.strip())).url
    except ValueError:
        return ""
    return url if is_web_address(url) and len(url) <= _LONGEST else ""
