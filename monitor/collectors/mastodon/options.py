"""What a source of kind `mastodon` is told, read and checked."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from monitor.collectors.base import Tools
from monitor.collectors.mastodon.client import MastodonApi
from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source
from monitor.errors import ConfigurationError

HISTORY_DAYS = "7"


def api_of(tools: Tools, source: Source) -> MastodonApi:
    server = source.options.get("server", "")
    try:
        server = server_address(server)
        name = source.options.get("token", "")
        token = tools.credentials.read(name) if name else ""
    except ValueError as error:
        raise NotConfigured(f"Opsi `server`: {error}.") from None
    except ConfigurationError as error:
        raise NotConfigured(error.detail) from None
    return MastodonApi(tools, server, token)


def stream_keys(options: Mapping[str, str]) -> list[str]:
    tags = [f"tag:{tag.lstrip('#').lower()}" for tag in _split(options.get("hashtags", ""))]
    accounts = [f"account:{name.lstrip('@')}" for name in _split(options.get("accounts", ""))]
    query = options.get("query", "").strip()
    return list(dict.fromkeys([*tags, *accounts, *([f"query:{query}"] if query else [])]))


def in_turn(keys: list[str], last: str) -> list[str]:
    """Begin after the stream that was done last, so that each has its turn."""
    start = keys.index(last) + 1 if last in keys else 0
    return keys[start:] + keys[:start]


def _split(value: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", value) if part]


def yes(value: str) -> bool:
    if value.lower() not in ("ya", "tidak"):
        raise ValueError("isi `ya` atau `tidak`")
    return value.lower() == "ya"


def server_address(value: str) -> str:
    """Return the server's address; a token must not travel unencrypted but to this machine."""
    address = value.strip().rstrip("/")
    address = address if "://" in address else f"https://{address}"
    parts = urlsplit(address)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.username or parts.path or parts.query or parts.fragment:
        raise ValueError("tulis nama server saja, misalnya mastodon.social")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise ValueError("harus https")
    return address


def days(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 365:
        raise ValueError("isi jumlah hari, 1 sampai 365")
    return int(value)
