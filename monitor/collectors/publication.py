"""What feeds and pages of a publication have in common: dates, addresses, bylines."""

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from models.post import AUTHOR_LIMITS, ID_LIMIT, TEXT_LIMIT, URL_LIMIT
from monitor.collectors.decoding import without_controls
from monitor.collectors.trouble import CredentialsRefused, SourceGone, answered
from monitor.net import Answer

_WHERE_ZONES = {"WIB": "+0700", "WITA": "+0800", "WIT": "+0900"}
_MONTHS = {
    "januari": "Jan",
    "februari": "Feb",
    "maret": "Mar",
    "mei": "May",
    "juni": "Jun",
    "juli": "Jul",
    "agustus": "Aug",
    "agu": "Aug",
    "agt": "Aug",
    "ags": "Aug",
    "oktober": "Oct",
    "okt": "Oct",
    "nopember": "Nov",
    "desember": "Dec",
    "des": "Dec",
}
_DATE_LIMIT = 100
_VALIDATOR_LIMIT = 300
_MAIL = re.compile(r"[^\s<>()\[\]]+@[^\s<>()\[\]]+")
_WORD = re.compile(r"[A-Za-z]+")
_REMARK = re.compile(r"\([^)]*\)|\b(?:GMT|UTC)(?=[+-]\d)")
# Added by newsletters and social networks to one and the same address.
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|igshid|mc_[ce]id|_ga|at_\w+|yclid)(=|$)")
# Bylines behind which stands the publication itself.
_NOBODY = frozenset(
    {"admin", "administrator", "super", "superadmin", "redaksi", "redaktur", "editor", "penulis"}
    | {"humas", "operator", "webmaster", "kontributor", "unknown", "anonim", "root", "user", "web"}
    | {"website", "tim", "situs", "wordpress", "blogger", "noreply"}
)


def site_answered(answer: Answer, now: datetime) -> Answer:
    """Like `answered`, for a public site that takes no credentials."""
    if answer.status in (401, 403):
        raise CredentialsRefused(
            f"Situs menolak pengambilan ({answer.status}). Yang dipantau hanya halaman umum tanpa"
            " kredensial: periksa alamatnya, minta izin pengelola situs, atau pakai umpan lain."
        )
    if answer.status in (404, 410):
        raise SourceGone(
            f"Alamat sumber tidak ditemukan ({answer.status}). Cari alamat barunya di situs itu,"
            " lalu tambahkan sumber dengan alamat yang baru."
        )
    return answered(answer, now)


def web_address(value: str) -> str:
    """Check an option that holds an address."""
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or len(value) > URL_LIMIT or any(c.isspace() for c in value):
        raise ValueError("harus alamat lengkap, misalnya https://contoh.go.id/feed")
    return value


def is_web_address(value: object) -> bool:
    try:
        return bool(web_address(value)) if isinstance(value, str) else False
    except ValueError:
        return False


def stable_address(url: str, *, fragment: bool = False) -> str:
    """Return one form for the same address: no tracking, no final slash, https for http.

    It names a post and is never fetched.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.match(part))
    rest = (parts.path.rstrip("/"), query, parts.fragment if fragment else "")
    return urlunsplit(("https", host + port, *rest))


def fitting_id(text: str) -> str:
    return text if len(text) <= ID_LIMIT else f"sha256:{digest(text)}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def conditions(etag: str, modified: str) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110, section 13)."""
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}


def validator(answer: Answer, name: str) -> str:
    """Return an ETag or Last-Modified that can be sent back as a header, else nothing."""
    value = answer.headers.get(name, "").strip()
    plain = value.isascii() and value.isprintable() and len(value) < _VALIDATOR_LIMIT
    return value if plain else ""


def exact_date(given: str) -> str:
    """Return the moment in ISO 8601 with its offset as given, or "" where it names none.

    A moment without offset is no moment: three zones lie between Sabang and Merauke.
    """
    text = given.strip()
    if not text or len(text) > _DATE_LIMIT:
        return ""
    try:
        return text if datetime.fromisoformat(text).tzinfo else ""
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(_WORD.sub(_in_english, _REMARK.sub(" ", text)))
        return moment.isoformat() if moment.tzinfo else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _in_english(word: re.Match[str]) -> str:
    return _WHERE_ZONES.get(word[0].upper(), _MONTHS.get(word[0].lower(), word[0]))


def speaker(
    byline: str, *, site: str, host: str, about: str = "", bio: str = "", location: str = ""
) -> dict[str, str]:
    """Return the author of the post object: who signs, or the publication where nobody does."""
    # An address for e-mail is no name, and nobody's business here.
    name = _MAIL.sub(" ", line(byline)).strip(" ()<>[],;:")
    words = _WORD.findall(name.lower())
    if not words or all(word in _NOBODY for word in words):
        parts = {"handle": host, "name": line(site), "bio": line(about)}
    else:
        parts = {"name": name, "bio": line(bio), "location": line(location)}
    return {key: part[: AUTHOR_LIMITS[key]] for key, part in parts.items() if part}


def line(text: str) -> str:
    """Return a short text on one line, entities resolved."""
    return " ".join(html.unescape(without_controls(text)).split())


def body_of(title: str, text: str) -> str:
    """Join title and text, unless the text begins with the title, within what a post may hold."""
    whole = text if not title or text.startswith(title) else f"{title}\n\n{text}".strip()
    return without_controls(whole)[:TEXT_LIMIT]


def without_empty(post: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not known; text stays, so that an empty post is refused and counted."""
    return {name: value for name, value in post.items() if value or name == "text"}
