"""Turns Bluesky's views into post objects of the contract; what cannot be read becomes None.

Written from the lexicons app.bsky.feed.defs (postView, feedViewPost), app.bsky.actor.defs
(profileView), app.bsky.feed.getLikes and app.bsky.embed.*, looked up 2026-11-23.
"""

from collections.abc import Mapping
from typing import Any

WEB = "https://bsky.app/profile"
LIKE, SHARE, FOLLOW = "like", "share", "follow"
# Self-chosen: "This user has requested that their account only be shown to signed-in users."
HIDDEN_LABEL = "!no-unauthenticated"
_COUNTS = {"shares": "repostCount", "likes": "likeCount", "replies": "replyCount"}
_INVALID_HANDLE = "handle.invalid"

View = Mapping[str, Any]


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def view_of(value: object) -> View:
    return value if isinstance(value, dict) else {}


def views_of(value: object) -> list[View]:
    return [view_of(one) for one in value] if isinstance(value, list) else []


def is_hidden(profile: View) -> bool:
    """Tell whether an account asks not to be shown outside Bluesky."""
    return any(
        label.get("val") == HIDDEN_LABEL and not label.get("neg")
        for label in views_of(profile.get("labels"))
    )


def author_of(profile: View, bios: Mapping[str, str]) -> dict[str, str]:
    """Handle, name and bio; Bluesky's profiles have no field for a place."""
    did = text_of(profile.get("did"))
    handle = text_of(profile.get("handle"))
    bio = text_of(profile.get("description")) or bios.get(did, "")
    author = {
        # A handle that does not resolve is told as such; the DID still names the account.
        "handle": did if handle in ("", _INVALID_HANDLE) else handle,
        "name": text_of(profile.get("displayName")),
        "bio": bio,
    }
    return {name: value for name, value in author.items() if value}


def post_url(uri: str) -> str:
    """The page of a post, by DID: it stays right when the account changes its handle."""
    did, _, key = uri.removeprefix("at://").split("/", 2)
    return f"{WEB}/{did}/post/{key}"


def post_item(
    view: View,
    bios: Mapping[str, str],
    parent: str = "",
    region: str = "",
    *,
    hidden: bool = False,
) -> dict[str, Any] | None:
    """Return one post; None where there is no address or nothing to read.

    Nothing of an account that asks not to be shown outside Bluesky, unless `hidden` posts are
    wanted: one that was public when it was kept still exists after its author has hidden it.
    """
    uri, record = text_of(view.get("uri")), view_of(view.get("record"))
    profile = view_of(view.get("author"))
    if not is_post_uri(uri) or (is_hidden(profile) and not hidden):
        return None
    media, quoted = _embedded(view_of(view.get("embed")))
    text = text_of(record.get("text"))
    if not text.strip() and not media:
        return None
    item: dict[str, Any] = {
        "id": uri,
        "platform": "bluesky",
        "text": text,
        "author": author_of(profile, bios),
        "url": post_url(uri),
        "posted_at": text_of(record.get("createdAt")),
        "media_alt": media,
        # A quotation speaks to what it quotes as a reply does to what it answers.
        "reply_to": parent or text_of(view_of(quoted.get("value")).get("text")),
        "region": region,
        **{name: _count(view.get(field)) for name, field in _COUNTS.items()},
        "raw": _raw(view, profile, quoted),
    }
    return {name: value for name, value in item.items() if value not in ("", None)}


def action_item(
    action: str, of: View, actor: View, bios: Mapping[str, str], at: str = "", region: str = ""
) -> dict[str, Any] | None:
    """Return a like, share or follow as a post of the account that did it.

    `of` is the post object liked or shared, or the one that stands for the account followed.
    """
    did = text_of(actor.get("did"))
    if not did or is_hidden(actor):
        return None
    item: dict[str, Any] = {
        "id": f"{action}:{of['id']}:{did}",
        "platform": "bluesky",
        "text": of.get("text", ""),
        "media_alt": of.get("media_alt", ""),
        "author": author_of(actor, bios),
        "url": f"{WEB}/{did}",
        "posted_at": at,
        "region": region,
        "action": action,
        "of": {"author": of.get("author", {}), "url": of.get("url", "")},
        "raw": {"did": did},
    }
    return {name: value for name, value in item.items() if value not in ("", None)}


def followed_item(profile: View) -> dict[str, Any] | None:
    """An account as that which is followed: its text is what it says of itself."""
    did = text_of(profile.get("did"))
    if not did:
        return None
    author = author_of(profile, {})
    said = [author[name] for name in ("name", "bio") if name in author]
    return {
        "id": did,
        "text": "\n".join(said) or author["handle"],
        "author": author,
        "url": f"{WEB}/{did}",
    }


def is_post_uri(uri: str) -> bool:
    parts = uri.split("/")
    return (
        len(parts) == 5
        and parts[0] == "at:"
        and parts[2].startswith("did:")
        and parts[3] == "app.bsky.feed.post"
        and bool(parts[4])
    )


def _embedded(embed: View) -> tuple[str, View]:
    """Return the captions of pictures, videos and link cards, and the record quoted."""
    media = view_of(embed.get("media")) or embed
    captions = [text_of(media.get("alt"))]
    captions += [text_of(image.get("alt")) for image in views_of(media.get("images"))]
    card = view_of(media.get("external"))
    captions += [text_of(card.get("title")), text_of(card.get("description"))]
    quoted = view_of(embed.get("record"))
    # With media beside it, the quoted record lies one level deeper.
    quoted = view_of(quoted.get("record")) or quoted
    return "\n".join(caption for caption in captions if caption.strip()), quoted


def _raw(view: View, profile: View, quoted: View) -> dict[str, Any]:
    """Small evidence: which version of the record this was, and when the server saw it."""
    langs = view_of(view.get("record")).get("langs")
    raw = {
        "cid": text_of(view.get("cid")),
        "did": text_of(profile.get("did")),
        "indexed_at": text_of(view.get("indexedAt")),
        "langs": [text_of(code) for code in langs[:5]] if isinstance(langs, list) else [],
        "quotes": text_of(quoted.get("uri")),
    }
    return {name: value for name, value in raw.items() if value}


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value
