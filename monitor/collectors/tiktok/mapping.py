"""TikTok's video and comment objects as posts of the contract.

Fields as in https://developers.tiktok.com/doc/research-api-specs-query-videos,
.../doc/research-api-specs-query-video-comments and .../doc/research-api-specs-query-user-info
(2026-11-23). Comments come without their author.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from models.post import AUTHOR_LIMITS, TEXT_LIMIT

VIDEO_FIELDS = (
    "id,create_time,username,region_code,video_description,voice_to_text,hashtag_names,"
    "like_count,comment_count,share_count,view_count"
)
# Lists of liked and reposted videos do not give the spoken words.
ACT_FIELDS = "id,create_time,username,region_code,video_description,hashtag_names"
COMMENT_FIELDS = "id,video_id,text,like_count,reply_count,parent_comment_id,create_time"
USER_FIELDS = "display_name,bio_description,is_verified"
_COUNTS = {
    "likes": "like_count",
    "replies": "comment_count",
    "shares": "share_count",
    "views": "view_count",
}


def identity_of(item: Mapping[str, Any]) -> str:
    """Return the id; a number of 64 bits in the documentation, sent as text by some answers."""
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value)
    return text if text.isdigit() and len(text) <= 32 else ""


def created(item: Mapping[str, Any]) -> int | None:
    value = item.get("create_time")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def video_post(
    item: Mapping[str, Any], profile: Mapping[str, Any], *, region: str
) -> dict[str, Any]:
    username = text_of(item, "username")
    raw = {"region_code": text_of(item, "region_code")}
    return _without_nothing(
        {
            "id": identity_of(item),
            "platform": "tiktok",
            "text": text_of(item, "video_description"),
            "author": author_of(username, profile),
            "url": video_url(item),
            "posted_at": _moment(created(item)),
            # The words spoken, as TikTok writes them down.
            "media_alt": text_of(item, "voice_to_text"),
            **_counts(item),
            "region": region,
            "raw": {name: value for name, value in raw.items() if value},
        }
    )


def comment_post(
    item: Mapping[str, Any], video: Mapping[str, Any], *, region: str
) -> dict[str, Any]:
    parent = item.get("parent_comment_id")
    return _without_nothing(
        {
            "id": identity_of(item),
            "platform": "tiktok",
            "text": text_of(item, "text"),
            "url": video_url(video),
            "posted_at": _moment(created(item)),
            "reply_to": text_of(video, "video_description"),
            "likes": _count(item.get("like_count")),
            "replies": _count(item.get("reply_count")),
            "region": region,
            "raw": {"video_id": identity_of(video), "parent_comment_id": str(parent or "")},
        }
    )


def act_post(
    item: Mapping[str, Any], account: str, profile: Mapping[str, Any], action: str, *, region: str
) -> dict[str, Any]:
    """Return the act of an account on a video. When it was done is not told: no `posted_at`."""
    return _without_nothing(
        {
            "id": f"{action}:{identity_of(item)}:{account}",
            "platform": "tiktok",
            "text": text_of(item, "video_description"),
            "author": author_of(account, profile),
            "url": video_url(item),
            "action": action,
            "of": {"author": text_of(item, "username"), "url": video_url(item)},
            "region": region,
        }
    )


def author_of(username: str, profile: Mapping[str, Any]) -> dict[str, str]:
    parts = {
        "handle": username,
        "name": text_of(profile, "display_name"),
        "bio": text_of(profile, "bio_description"),
    }
    return {part: text[: AUTHOR_LIMITS[part]] for part, text in parts.items() if text}


def video_url(item: Mapping[str, Any]) -> str:
    username, identity = text_of(item, "username"), identity_of(item)
    return f"https://www.tiktok.com/@{username}/video/{identity}" if username and identity else ""


def with_words(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the posts that have something to read."""
    return [post for post in posts if (post["text"] + post.get("media_alt", "")).strip()]


def text_of(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value[:TEXT_LIMIT] if isinstance(value, str) else ""


def _counts(item: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: _count(item.get(field)) for name, field in _COUNTS.items()}


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value


def _moment(seconds: int | None) -> str:
    if seconds is None:
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _without_nothing(post: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("id", "platform", "text")
    empty: tuple[Any, ...] = (None, "", {})
    return {name: value for name, value in post.items() if name in kept or value not in empty}
