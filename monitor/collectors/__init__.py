"""Kinds of source and the collector for each, by explicit table; README.md says how to add one."""

from collections.abc import Mapping

from monitor.collectors.base import Kind
from monitor.collectors.bluesky import BLUESKY
from monitor.collectors.feed import RSS
from monitor.collectors.filedrop import FILEDROP
from monitor.collectors.mastodon import MASTODON
from monitor.collectors.meta import FACEBOOK, INSTAGRAM, THREADS
from monitor.collectors.public import PUBLIC
from monitor.collectors.sample import SAMPLE
from monitor.collectors.telegram import TELEGRAM
from monitor.collectors.tiktok import TIKTOK
from monitor.collectors.web import WEB
from monitor.collectors.x import X
from monitor.collectors.youtube import YOUTUBE
from monitor.errors import ConfigurationError

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        RSS,
        WEB,
        BLUESKY,
        MASTODON,
        YOUTUBE,
        X,
        TELEGRAM,
        FACEBOOK,
        INSTAGRAM,
        THREADS,
        TIKTOK,
        FILEDROP,
        PUBLIC,
        SAMPLE,
    )
}


def kind_of(name: str) -> Kind:
    """Return the kind of that name. Raises ConfigurationError naming those there are."""
    if name not in KINDS:
        names = ", ".join(KINDS)
        raise ConfigurationError(f"Jenis sumber {name!r} tidak dikenal; pilihan: {names}.")
    return KINDS[name]
