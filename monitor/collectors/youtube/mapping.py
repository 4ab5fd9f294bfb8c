"""From YouTube's video, comment and channel resources to the post object.

Resources as in developers.google.com/youtube/v3/docs/videos, /comments, /commentThreads and
/channels (looked up on 2026-11-23).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from models.post import AUTHOR_LIMITS, TEXT_LIMIT

PLATFORM = "youtube"
_WATCH = "https://www.youtube.com/watch?v="


def video_to_post(
    video: Mapping[str, Any], channel: Mapping[str, Any] | None, *, region: str = ""
) -> dict[str, Any]:
    snippet, counted = snippet_of(video), _mapping(video.get("statistics"))
    text = "\n\n".join(
        part for part in (_string(snippet, "title"), _string(snippet, "description")) if part
    )
    post: dict[str, Any] = {
        "id": video["id"],
        "platform": PLATFORM,
        "text": text[:TEXT_LIMIT],
        "author": author_of(channel, name=_string(snippet, "channelTitle")),
        "url": f"{_WATCH}{video['id']}",
        "raw": {"kind": "video", "channel": _string(snippet, "channelId")},
    }
    counts = {"views": "viewCount", "likes": "likeCount", "replies": "commentCount"}
    post.update(_counts(counted, counts))
    return _with(post, posted_at=snippet.get("publishedAt"), region=region)


def comment_to_post(
    comment: Mapping[str, Any],
    channel: Mapping[str, Any] | None,
    *,
    video: str,
    reply_to: str = "",
    replies: int | None = None,
    region: str = "",
) -> dict[str, Any]:
    snippet = snippet_of(comment)
    post: dict[str, Any] = {
        "id": comment["id"],
        "platform": PLATFORM,
        "text": comment_text(comment),
        "author": author_of(channel, handle=_string(snippet, "authorDisplayName")),
        "url": f"{_WATCH}{video}&lc={comment['id']}",
        "raw": {"kind": "comment", "video": video, "channel": author_id(comment)},
    }
    if replies is not None:
        post["replies"] = replies
    post.update(_counts(snippet, {"likes": "likeCount"}))
    if (edited := snippet.get("updatedAt")) != snippet.get("publishedAt"):
        post["raw"]["updated_at"] = edited
    return _with(
        post, posted_at=snippet.get("publishedAt"), reply_to=reply_to[:TEXT_LIMIT], region=region
    )


def author_of(
    channel: Mapping[str, Any] | None, *, handle: str = "", name: str = ""
) -> dict[str, str]:
    """Return what the channel shows; a comment's own display name where that is all there is."""
    snippet = snippet_of(channel or {})
    author = {
        "handle": _string(snippet, "customUrl") or handle,
        "name": _string(snippet, "title") or name or handle,
        "bio": _string(snippet, "description"),
        "location": _string(snippet, "country"),
    }
    return {part: value[: AUTHOR_LIMITS[part]] for part, value in author.items() if value}


def comment_text(comment: Mapping[str, Any]) -> str:
    """Asked for as plain text; `textOriginal` is given to the author alone."""
    snippet = snippet_of(comment)
    return (_string(snippet, "textDisplay") or _string(snippet, "textOriginal"))[:TEXT_LIMIT]


def author_id(comment: Mapping[str, Any]) -> str:
    return _string(_mapping(snippet_of(comment).get("authorChannelId")), "value")


def published(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def is_readable(resource: object) -> bool:
    """Tell whether it has an id and the snippet that everything else is read from."""
    return (
        isinstance(resource, Mapping)
        and isinstance(resource.get("id"), str)
        and isinstance(resource.get("snippet"), Mapping)
    )


def unreadable() -> dict[str, Any]:
    """Return what ingest refuses and counts, so that a loss shows in the ledger."""
    return {"platform": PLATFORM, "raw": {"unreadable": True}}


def snippet_of(resource: object) -> Mapping[str, Any]:
    return _mapping(_mapping(resource).get("snippet"))


def _counts(values: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, int]:
    """Counts come as numbers or as digits in a string."""
    found = {name: str(values.get(field, "")) for name, field in fields.items()}
    return {
        name: int(value) for name, value in found.items() if value.isascii() and value.isdigit()
    }


def _with(post: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {**post, **{name: value for name, value in optional.items() if value}}


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
