"""Facebook's page, post and comment objects as posts of the contract.

Fields as in https://developers.facebook.com/docs/graph-api/reference/page/feed and
.../reference/object/comments (2026-11-23). Under Page Public Content Access comments come
without `id` and without `from`: such a comment gets an id made of what does not change in it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.collectors.meta.reading import (
    author_of,
    count_of,
    epoch_of,
    text_of,
    without_nothing,
)
from monitor.collectors.meta.walk import Entry

PAGE_FIELDS = "id,name,username,about,location"
POST_FIELDS = (
    "id,message,story,created_time,updated_time,permalink_url,from,shares,status_type,"
    "attachments{title,description},comments.limit(0).summary(true),"
    "reactions.limit(0).summary(total_count)"
)
COMMENT_FIELDS = "id,message,created_time,from,permalink_url,like_count,comment_count,parent{id}"
_DERIVED = ":comment:"


@dataclass(frozen=True, slots=True)
class PageInfo:
    id: str
    author: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Around:
    """Where a comment stands: the page, the post, its text, and the source's region."""

    page_id: str
    post_id: str
    text: str
    region: str


def page_info(answer: Mapping[str, Any], name: str) -> PageInfo:
    identity = text_of(answer, "id") or name
    author = author_of(
        handle=text_of(answer, "username") or identity,
        name=text_of(answer, "name"),
        bio=text_of(answer, "about"),
        location=_place(answer.get("location")),
    )
    return PageInfo(identity, author)


def page_post(item: Mapping[str, Any], page: PageInfo, *, region: str) -> dict[str, Any]:
    text = text_of(item, "message") or text_of(item, "story")
    media_alt = _attachment_texts(item.get("attachments"), text)
    shares = item.get("shares")
    return without_nothing(
        {
            "id": text_of(item, "id"),
            "platform": "facebook",
            "text": text,
            "author": dict(page.author),
            "url": text_of(item, "permalink_url", 4096),
            "posted_at": text_of(item, "created_time"),
            "media_alt": media_alt,
            "shares": count_of(shares.get("count")) if isinstance(shares, Mapping) else None,
            "likes": _total(item.get("reactions")),
            "replies": _total(item.get("comments")),
            "region": region,
            "raw": _raw(item, page.id),
        }
    )


def _raw(item: Mapping[str, Any], page_id: str) -> dict[str, str]:
    raw = {
        "page_id": page_id,
        "status_type": text_of(item, "status_type", 64),
        "updated_time": text_of(item, "updated_time", 64),
    }
    return {name: value for name, value in raw.items() if value}


def comment_entry(post_id: str) -> Callable[[Mapping[str, Any]], Entry | None]:
    """Return the reader of the comments under one post."""

    def read(item: Mapping[str, Any]) -> Entry | None:
        at = epoch_of(item.get("created_time"))
        message = text_of(item, "message")
        if at is None or not message.strip():
            return None
        return Entry(text_of(item, "id") or _derived_id(post_id, at, message), at, item)

    return read


def comment_post(item: Mapping[str, Any], identity: str, around: Around) -> dict[str, Any]:
    writer = item.get("from")
    parent = item.get("parent")
    raw = {"page_id": around.page_id, "post_id": around.post_id}
    if isinstance(parent, Mapping) and text_of(parent, "id"):
        raw["parent_id"] = text_of(parent, "id", 128)
    return without_nothing(
        {
            "id": identity,
            "platform": "facebook",
            "text": text_of(item, "message"),
            "author": _writer(writer) if isinstance(writer, Mapping) else None,
            "url": text_of(item, "permalink_url", 4096),
            "posted_at": text_of(item, "created_time"),
            "reply_to": around.text,
            "likes": count_of(item.get("like_count")),
            "replies": count_of(item.get("comment_count")),
            "region": around.region,
            "raw": raw,
        }
    )


def is_derived(identity: str) -> bool:
    """Tell whether the id was made here, so that Facebook cannot be asked for it."""
    return _DERIVED in identity


def _derived_id(post_id: str, at: int, message: str) -> str:
    digest = hashlib.sha256(f"{post_id}|{at}|{message}".encode()).hexdigest()
    return f"{post_id}{_DERIVED}{digest[:24]}"


def _writer(writer: Mapping[str, Any]) -> dict[str, str]:
    return author_of(handle=text_of(writer, "id"), name=text_of(writer, "name"))


def _place(location: object) -> str:
    if not isinstance(location, Mapping):
        return ""
    parts = (text_of(location, name) for name in ("city", "state", "country"))
    return ", ".join(part for part in parts if part)


def _attachment_texts(attachments: object, text: str) -> str:
    data = attachments.get("data") if isinstance(attachments, Mapping) else None
    texts: list[str] = []
    for item in data if isinstance(data, list) else ():
        if isinstance(item, Mapping):
            texts += [text_of(item, "title"), text_of(item, "description")]
    kept = [part for part in dict.fromkeys(texts) if part and part != text]
    return "\n".join(kept)[:20_000]


def _total(edge: object) -> int | None:
    summary = edge.get("summary") if isinstance(edge, Mapping) else None
    return count_of(summary.get("total_count")) if isinstance(summary, Mapping) else None
