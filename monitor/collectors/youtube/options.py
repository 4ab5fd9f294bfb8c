"""What a source of kind `youtube` is told, read and checked."""

import re
from collections.abc import Mapping

from monitor.collectors.base import Tools
from monitor.collectors.trouble import NotConfigured
from monitor.collectors.youtube.client import YouTubeApi
from monitor.domain import Source
from monitor.errors import ConfigurationError

# Two ways of counting a search exist: see the README of this folder.
SEARCH_UNITS = "100"
SEARCH_PAGES = "1"
HISTORY_DAYS = "7"
FOLLOW_DAYS = "7"
COMMENT_VIDEOS = "10"
REGION = "ID"
LANGUAGE = "id"

_CHANNEL = re.compile(r"UC[\w-]{22}|@[\w.·-]{3,60}")
_VIDEO = re.compile(r"[\w-]{11}")


def api_of(tools: Tools, source: Source, base: str) -> YouTubeApi:
    try:
        key = tools.credentials.read(source.options.get("key", ""))
    except ConfigurationError as error:
        raise NotConfigured(error.detail) from None
    return YouTubeApi(tools, key, base)


def number(options: Mapping[str, str], name: str, default: str) -> int:
    return int(options.get(name) or default)


def split(value: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", value) if part))


def channels(value: str) -> list[str]:
    found = split(value)
    if wrong := [name for name in found if not _CHANNEL.fullmatch(name)]:
        raise ValueError(f"{wrong[0]!r} bukan nomor kanal (UC…) atau nama berawalan @")
    return found


def videos(value: str) -> list[str]:
    found = split(value)
    if wrong := [name for name in found if not _VIDEO.fullmatch(name)]:
        raise ValueError(f"{wrong[0]!r} bukan nomor video (11 huruf sesudah `v=`)")
    return found


def yes(value: str) -> bool:
    if value.lower() not in ("ya", "tidak"):
        raise ValueError("isi `ya` atau `tidak`")
    return value.lower() == "ya"


def whole(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= 365:
        raise ValueError("isi bilangan 1 sampai 365")
    return int(value)


def code(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError("isi kode dua huruf, misalnya ID")
    return value
