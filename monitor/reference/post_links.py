"""Reads the address of a public post: which platform, which post, and one spelling of it.

The ids are those that the collector of the platform stores, so that a post reached by its address
is recognised as the one that was collected. Where an address does not hold that id, there is none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from models.labels import Platform

LINK_LIMIT = 2048
# What sharing buttons add: it says who shared and when, never which post.
_TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|igsh|igshid|mibextid|rdid|share_.*|si|feature|ref|ref_.*|_r|_t"
    r"|is_from_webapp|sender_device|web_id|wt_z|xmt|slof)$"
)
_HOST = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_VIDEO = r"(?P<id>[\w-]{6,20})"


@dataclass(frozen=True, slots=True)
class PostLink:
    """`id` is empty where the address does not hold the id the platform's interface gives."""

    platform: Platform
    url: str
    id: str = ""

    @property
    def key(self) -> str:
        """The same for every way of writing the address of one post."""
        return f"{self.platform}:{self.id}" if self.id else self.url


@dataclass(frozen=True, slots=True)
class _Site:
    """`path` picks the id out of path and query; `clean` spells the address without the rest."""

    platform: Platform
    hosts: frozenset[str]
    path: re.Pattern[str] | None = None
    clean: Callable[[re.Match[str]], str] | None = None
    make_id: Callable[[re.Match[str]], str] = lambda found: found["id"]


def _site(
    platform: Platform,
    hosts: str,
    path: str = "",
    clean: str = "",
    make_id: Callable[[re.Match[str]], str] = lambda found: found["id"],
) -> _Site:
    return _Site(
        platform,
        frozenset(hosts.split()),
        re.compile(path) if path else None,
        (lambda found: clean.format(**found.groupdict())) if clean else None,
        make_id,
    )


def _no_id(found: re.Match[str]) -> str:
    return ""


_SITES = (
    _site(
        Platform.X,
        "x.com twitter.com mobile.twitter.com mobile.x.com",
        r"^/(?:\w+|i/web)/status(?:es)?/(?P<id>\d{5,20})",
        "https://x.com/i/status/{id}",
    ),
    _site(
        Platform.YOUTUBE,
        "youtube.com m.youtube.com",
        rf"^/(?:watch\?(?:.*&)?v=|shorts/|live/|embed/){_VIDEO}",
        "https://www.youtube.com/watch?v={id}",
    ),
    _site(Platform.YOUTUBE, "youtu.be", rf"^/{_VIDEO}", "https://www.youtube.com/watch?v={id}"),
    _site(
        Platform.TIKTOK,
        "tiktok.com m.tiktok.com",
        r"^/@(?P<who>[\w.]+)/(?:video|photo)/(?P<id>\d{5,25})",
        "https://www.tiktok.com/@{who}/video/{id}",
    ),
    _site(Platform.TIKTOK, "vm.tiktok.com vt.tiktok.com"),
    _site(
        Platform.INSTAGRAM,
        "instagram.com",
        r"^/(?:[\w.]+/)?(?:p|reel|reels|tv)/(?P<id>[\w-]{5,20})",
        "https://www.instagram.com/p/{id}/",
        _no_id,
    ),
    _site(
        Platform.THREADS,
        "threads.net threads.com",
        r"^/@(?P<who>[\w.]+)/post/(?P<id>[\w-]{5,20})",
        "https://www.threads.com/@{who}/post/{id}",
        _no_id,
    ),
    _site(Platform.FACEBOOK, "facebook.com m.facebook.com mbasic.facebook.com web.facebook.com"),
    _site(Platform.FACEBOOK, "fb.watch fb.com"),
    _site(
        Platform.TELEGRAM,
        "t.me telegram.me",
        r"^/(?:s/)?(?P<who>[A-Za-z]\w{3,31})/(?P<id>\d{1,12})",
        "https://t.me/{who}/{id}",
        lambda found: f"{found['who'].lower()}/{found['id']}",
    ),
    _site(
        Platform.BLUESKY,
        "bsky.app",
        r"^/profile/(?P<who>did:[a-z]+:[\w.:-]+)/post/(?P<id>\w{5,20})",
        "https://bsky.app/profile/{who}/post/{id}",
        lambda found: f"at://{found['who']}/app.bsky.feed.post/{found['id']}",
    ),
    _site(Platform.BLUESKY, "bsky.app"),
)


def read_link(typed: str) -> PostLink | None:
    """Return what an address points at, or None when it is not the address of a public page."""
    text = typed.strip()
    if not _SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if (
        len(text) > LINK_LIMIT
        or any(letter.isspace() or not letter.isprintable() for letter in text)
        or parts.scheme not in ("http", "https")
        # A name before an @ only serves to make an address look like another one.
        or parts.username is not None
        or parts.password is not None
        or not _HOST.match(host)
        or host.rsplit(".", 1)[-1].isdigit()
    ):
        return None
    host = host.removeprefix("www.")
    path = quote(unquote(parts.path), safe="/@:%+,;=~!$&'()*") or "/"
    query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])]
    place = path + (f"?{urlencode(query)}" if query else "")
    found = _known(host, unquote(place))
    if found:
        return found
    # Plain HTTP and HTTPS show the same page; kept is the one that does not travel openly.
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    url = f"https://{where}{place}"
    return PostLink(_platform_of(host), url) if len(url) <= LINK_LIMIT else None


def _known(host: str, place: str) -> PostLink | None:
    for site in _SITES:
        if host in site.hosts and site.path and site.clean:
            found = site.path.match(place)
            if found:
                return PostLink(site.platform, site.clean(found), site.make_id(found))
    return None


def _platform_of(host: str) -> Platform:
    return next((site.platform for site in _SITES if host in site.hosts), Platform.WEB)
