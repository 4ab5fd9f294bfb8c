"""Threads' media objects as posts of the contract.

Fields as in https://developers.facebook.com/docs/threads/reference/media-retrieval (2026-11-23);
counts and the text of the post answered are not given to others than the owner.
"""

from collections.abc import Mapping
from typing import Any

from monitor.collectors.meta.reading import author_of, text_of, without_nothing

FIELDS = (
    "id,text,media_type,permalink,timestamp,username,alt_text,topic_tag,link_attachment_url,"
    "has_replies,is_quote_post,is_reply"
)
_EVIDENCE = ("media_type", "topic_tag", "link_attachment_url", "is_quote_post", "is_reply")


def thread_post(
    item: Mapping[str, Any], profile: Mapping[str, Any], region: str, query: str
) -> dict[str, Any]:
    text, media_alt = text_of(item, "text"), text_of(item, "alt_text")
    raw: dict[str, Any] = {"query": query}
    for name in _EVIDENCE:
        value = item.get(name)
        if isinstance(value, bool) or (isinstance(value, str) and value):
            raw[name] = value[:1000] if isinstance(value, str) else value
    return without_nothing(
        {
            "id": text_of(item, "id"),
            "platform": "threads",
            "text": text,
            "author": author_of(
                handle=text_of(item, "username"),
                name=text_of(profile, "name"),
                bio=text_of(profile, "biography"),
            ),
            "url": text_of(item, "permalink", 4096),
            "posted_at": text_of(item, "timestamp"),
            "media_alt": media_alt,
            "region": region,
            "raw": raw,
        }
    )


def query_of(received: Mapping[str, Any]) -> str:
    raw = received.get("raw")
    return text_of(raw, "query", 200) if isinstance(raw, Mapping) else ""
