"""Instagram's media and account objects as posts of the contract.

Fields as in https://developers.facebook.com/docs/instagram-api/reference/ig-user and
.../reference/ig-hashtag/recent-media (2026-11-23). Media found by hashtag come without owner:
"Personally identifiable information will not be included in responses".
"""

from collections.abc import Mapping
from typing import Any

from monitor.collectors.meta.reading import author_of, count_of, text_of, without_nothing

_MEDIA = "id,caption,media_type,permalink,timestamp,like_count,comments_count"
HASHTAG_FIELDS = _MEDIA


def discovery(username: str, limit: int, after: str) -> str:
    """Return the field expression that reads an account and a page of its media."""
    step = f".after({after})" if after else ""
    account = "id,username,name,biography,media"
    return f"business_discovery.username({username}){{{account}{step}.limit({limit}){{{_MEDIA}}}}}"


def owner(account: Mapping[str, Any], name: str) -> dict[str, str]:
    return author_of(
        handle=text_of(account, "username") or name,
        name=text_of(account, "name"),
        bio=text_of(account, "biography"),
    )


def media_post(
    item: Mapping[str, Any], owner_of_media: Mapping[str, str], *, region: str
) -> dict[str, Any]:
    caption = text_of(item, "caption")
    media_type = text_of(item, "media_type", 32)
    return without_nothing(
        {
            "id": text_of(item, "id"),
            "platform": "instagram",
            "text": caption,
            "author": dict(owner_of_media),
            "url": text_of(item, "permalink", 4096),
            "posted_at": text_of(item, "timestamp"),
            "likes": count_of(item.get("like_count")),
            "replies": count_of(item.get("comments_count")),
            "region": region,
            "raw": {"media_type": media_type} if media_type else None,
        }
    )
