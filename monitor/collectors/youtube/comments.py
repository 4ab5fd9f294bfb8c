"""The comments of one video, threads and replies in one list for the walk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.collectors.youtube.client import Closed, Listing, YouTubeApi
from monitor.collectors.youtube.mapping import comment_text, is_readable, published, snippet_of

# Replies of one thread are read up to so many pages of 100.
_REPLY_PAGES = 5


@dataclass(frozen=True, slots=True)
class Comment:
    """`resource` is None where a thread came without a readable comment."""

    resource: Mapping[str, Any] | None
    reply_to: str = ""
    replies: int | None = None


def comments_of(
    api: YouTubeApi, video: str, title: str, token: str, etag: str, floor: datetime
) -> Listing | None:
    """Return one page of threads with their replies, latest threads at the top.

    A thread brings a few of its replies; the others are asked for only where something in it is
    not older than `floor`. A new reply to a thread further down is therefore not noticed.
    """
    params = {
        "part": "snippet,replies",
        "videoId": video,
        "order": "time",
        "maxResults": "100",
        "textFormat": "plainText",
        "pageToken": token,
    }
    listing = api.page("commentThreads", params, etag=etag)
    if listing is None:
        return None
    tops: list[Comment] = []
    replies: list[Comment] = []
    for thread in listing.items:
        top = snippet_of(thread).get("topLevelComment")
        if not isinstance(top, Mapping) or not is_readable(top):
            tops.append(Comment(None))
            continue
        total = snippet_of(thread).get("totalReplyCount")
        count = total if isinstance(total, int) and total >= 0 else 0
        tops.append(Comment(top, title, count))
        text = comment_text(top)
        replies += [Comment(reply, text) for reply in _replies(api, thread, top, count, floor)]
    # The walk ends at several old ones in a row: the threads come last, in their order.
    return Listing([*replies, *tops], listing.next_token, listing.etag)


def key(comment: Comment) -> tuple[str, datetime | None]:
    if comment.resource is None:
        return "", None
    return comment.resource["id"], published(snippet_of(comment.resource).get("publishedAt"))


def _replies(
    api: YouTubeApi, thread: Mapping[str, Any], top: Mapping[str, Any], total: int, floor: datetime
) -> list[Mapping[str, Any]]:
    given = thread.get("replies")
    inline = given.get("comments") if isinstance(given, Mapping) else None
    known = [reply for reply in inline or () if is_readable(reply)]
    if total <= len(known) or not any(_is_recent(item, floor) for item in (top, *known)):
        return known
    params = {
        "part": "snippet",
        "parentId": top["id"],
        "maxResults": "100",
        "textFormat": "plainText",
    }
    found: list[Mapping[str, Any]] = []
    token = ""
    for _ in range(_REPLY_PAGES):
        try:
            page = api.page("comments", {**params, "pageToken": token})
        except Closed:
            # The thread was deleted since the page was made.
            return known
        found += [reply for reply in page.items if is_readable(reply)] if page else []
        token = page.next_token if page else ""
        if not token:
            break
    return found


def _is_recent(comment: Mapping[str, Any], floor: datetime) -> bool:
    at = published(snippet_of(comment).get("publishedAt"))
    return at is None or at >= floor
