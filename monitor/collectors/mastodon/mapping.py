"""From Mastodon's Status and Account to the post object, and from its HTML to text.

Entities as in docs.joinmastodon.org/entities/Status and /Account (looked up on 2026-11-23).
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from models.post import AUTHOR_LIMITS, TEXT_LIMIT

PLATFORM = "mastodon"
PUBLIC = frozenset({"public", "unlisted"})
# Names under which people put where they live into the free fields of a profile.
_PLACES = frozenset({"lokasi", "location", "kota", "domisili", "alamat", "asal", "daerah"})
_COUNTS = {"shares": "reblogs_count", "likes": "favourites_count", "replies": "replies_count"}


class _Text(HTMLParser):
    """Keeps hidden parts of links, so that addresses stay whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag in ("br", "li"):
            self.parts.append("\n")
        elif tag in ("p", "ul", "ol", "blockquote", "pre", "div") and self.parts:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def html_to_text(html: object) -> str:
    if not isinstance(html, str):
        return ""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()


def is_public(status: Mapping[str, Any]) -> bool:
    """A token may see more than the public does; that is never taken."""
    shown = (status, _mapping(status.get("reblog")))
    return all(item.get("visibility", "public") in PUBLIC for item in shown)


def status_text(status: Mapping[str, Any]) -> str:
    parts = (_string(status, "spoiler_text"), html_to_text(status.get("content")))
    return "\n\n".join(part for part in parts if part)[:TEXT_LIMIT]


def status_to_post(
    status: Mapping[str, Any], host: str, *, reply_to: str = "", region: str = ""
) -> dict[str, Any]:
    """Return the post, or the share where the status is a boost of another one's."""
    boosted = status.get("reblog")
    if isinstance(boosted, Mapping):
        post = act_to_post("share", boosted, status.get("account"), host, region=region)
        post["posted_at"] = status.get("created_at")
        post["raw"]["boost_id"] = status.get("id")
        return post
    post = {
        "id": status_id(status, host),
        "platform": PLATFORM,
        "text": status_text(status),
        "author": author_of(status.get("account"), host),
        "posted_at": status.get("created_at"),
        "raw": _raw(status, host),
    }
    quoted = _mapping(_mapping(status.get("quote")).get("quoted_status"))
    optional = {
        "url": _address(status),
        "media_alt": _media_alt(status),
        "reply_to": reply_to or status_text(quoted),
        "region": region,
    }
    post.update({name: value for name, value in optional.items() if value})
    for name, field in _COUNTS.items():
        count = status.get(field)
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            post[name] = count
    return post


def act_to_post(
    action: str, status: Mapping[str, Any], account: object, host: str, *, region: str = ""
) -> dict[str, Any]:
    """Return a like or share of a public status as a post of the account that did it.

    A boost found in a timeline and the same one found in `reblogged_by` get the same id.
    """
    author = author_of(account, host)
    post: dict[str, Any] = {
        "id": f"{action}:{status_id(status, host)}:{author.get('handle', '')}",
        "platform": PLATFORM,
        "text": status_text(status),
        "author": author,
        "action": action,
        "of": {
            "author": author_of(status.get("account"), host),
            "url": _address(status),
        },
        "raw": _raw(status, host),
    }
    optional = {"url": _address(status), "media_alt": _media_alt(status), "region": region}
    post.update({name: value for name, value in optional.items() if value})
    return post


def status_id(status: Mapping[str, Any], host: str) -> str:
    """The ActivityPub address: one post has the same on every server that shows it."""
    return _string(status, "uri") or f"{host}:{_string(status, 'id')}"


def author_of(account: object, host: str) -> dict[str, str]:
    """Return what the profile shows; empty where the account is gone."""
    profile = _mapping(account)
    handle = _string(profile, "acct")
    if handle and "@" not in handle:
        handle = f"{handle}@{host}"
    bio, location = [html_to_text(profile.get("note"))], ""
    fields = profile.get("fields")
    for field in fields if isinstance(fields, list) else ():
        name, value = _string(_mapping(field), "name"), html_to_text(_mapping(field).get("value"))
        bio.append(f"{name}: {value}" if name and value else "")
        if name.strip().lower() in _PLACES and not location:
            location = value
    author = {
        "handle": handle,
        "name": _string(profile, "display_name"),
        "bio": "\n".join(part for part in bio if part),
        "location": location,
    }
    return {name: value[: AUTHOR_LIMITS[name]] for name, value in author.items() if value}


def unreadable() -> dict[str, Any]:
    """Return what ingest refuses and counts, so that a loss shows in the ledger."""
    return {"platform": PLATFORM, "raw": {"unreadable": True}}


def _raw(status: Mapping[str, Any], host: str) -> dict[str, Any]:
    """Return what looking at the post again needs, and the author's wish not to be indexed."""
    raw = {name: status.get(name) for name in ("id", "visibility", "language", "edited_at")}
    raw["noindex"] = _mapping(status.get("account")).get("noindex")
    return {"server": host, **{name: value for name, value in raw.items() if value is not None}}


def _media_alt(status: Mapping[str, Any]) -> str:
    media = status.get("media_attachments")
    texts = (_string(_mapping(item), "description") for item in media or ()) if media else ()
    return "\n".join(text for text in texts if text)[:TEXT_LIMIT]


def _address(status: Mapping[str, Any]) -> str:
    for name in ("url", "uri"):
        value = _string(status, name)
        if value.startswith(("https://", "http://")):
            return value
    return ""


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
