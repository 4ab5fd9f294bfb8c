"""From X's post, user and media objects to the post object of the contract.

Written from https://docs.x.com/x-api/fundamentals/data-dictionary and
https://docs.x.com/x-api/fundamentals/edit-posts (looked up 2026-11-23).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from models.post import TEXT_LIMIT

# What is asked for with every post; bio and location carry the sign of being ASN.
FIELDS = {
    "tweet.fields": "created_at,author_id,public_metrics,referenced_tweets,note_tweet,"
    "edit_history_tweet_ids,attachments,conversation_id,lang",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id,"
    "attachments.media_keys",
    "user.fields": "username,name,description,location",
    "media.fields": "alt_text,type",
}
USER_FIELDS = {"user.fields": "username,name,description,location,protected"}


@dataclass(frozen=True, slots=True)
class Includes:
    """The objects that the posts of one answer refer to."""

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tweets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Includes":
        includes = body.get("includes")
        parts = includes if isinstance(includes, dict) else {}
        return cls(
            _by(parts.get("users"), "id"),
            _by(parts.get("tweets"), "id"),
            _by(parts.get("media"), "media_key"),
        )


def data_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects under `data` that are objects at all."""
    data = body.get("data")
    found = data if isinstance(data, list) else [data]
    return [item for item in found if isinstance(item, dict)]


def read_posts(body: Mapping[str, Any], region: str = "") -> list[dict[str, Any]]:
    """Return the posts of an answer; one that cannot be read is left out, the others stay."""
    includes = Includes.of(body)
    posts = (read_post(item, includes, region) for item in data_of(body))
    return [post for post in posts if post is not None]


def read_post(
    item: Mapping[str, Any], includes: Includes, region: str = ""
) -> dict[str, Any] | None:
    """Return one post, or None where it has no id or no text."""
    version = _string(item, "id")
    text = _full_text(item)
    if not version or text is None:
        return None
    user = includes.users.get(_string(item, "author_id"), {})
    media = [includes.media.get(key, {}) for key in _media_keys(item)]
    post: dict[str, Any] = {
        # Every edit gets an id of its own: the first one stays the post's name.
        "id": _first_version(item),
        "platform": "x",
        "text": text[:TEXT_LIMIT],
        "author": read_author(user),
        "url": _url(user, version),
        "posted_at": item.get("created_at"),
        "media_alt": "\n".join(filter(None, (_string(one, "alt_text") for one in media))),
        **_counts(item),
        "raw": {
            "version_id": version,
            "author_id": _string(item, "author_id"),
            "edit_history_tweet_ids": item.get("edit_history_tweet_ids") or [version],
            "conversation_id": _string(item, "conversation_id"),
            "lang": _string(item, "lang"),
        },
    }
    if len(text) > TEXT_LIMIT:
        post["raw"]["full_length"] = len(text)
    if region:
        post["region"] = region
    _refer(post, item, includes)
    return post


def read_author(user: Mapping[str, Any]) -> dict[str, str]:
    names = {"handle": "username", "name": "name", "bio": "description", "location": "location"}
    return {ours: _string(user, theirs) for ours, theirs in names.items() if _string(user, theirs)}


def action_post(
    action: Literal["like", "share"], user: Mapping[str, Any], post: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return a like or repost as a post of its own, by the account that did it."""
    account = _string(user, "id")
    if not account:
        return None
    acted: dict[str, Any] = {
        "id": f"{action}:{post['id']}:{account}",
        "platform": "x",
        "text": post["text"],
        "media_alt": post["media_alt"],
        "author": read_author(user),
        "url": post["url"],
        "action": action,
        "of": {"author": post["author"], "url": post["url"]},
        "raw": {"author_id": account},
    }
    if "region" in post:
        acted["region"] = post["region"]
    return acted


def _refer(post: dict[str, Any], item: Mapping[str, Any], includes: Includes) -> None:
    """Add what the post answers, quotes or repeats."""
    references = {kind: _string(ref, "id") for kind, ref in _references(item)}
    if "retweeted" in references:
        _as_share(post, item, references["retweeted"], includes)
        return
    # A quotation is read like an answer: without the other's words it often says nothing.
    answered = references.get("replied_to") or references.get("quoted")
    original = includes.tweets.get(answered or "")
    if original is not None:
        post["reply_to"] = (_full_text(original) or "")[:TEXT_LIMIT]
    if answered:
        post["raw"]["references"] = references


def _as_share(
    post: dict[str, Any], item: Mapping[str, Any], original_id: str, includes: Includes
) -> None:
    # The text of a repost is cut by X; the full one comes with the original.
    original = includes.tweets.get(original_id)
    author: Mapping[str, Any] = {}
    if original is not None:
        author = includes.users.get(_string(original, "author_id"), {})
        post["text"] = (_full_text(original) or post["text"])[:TEXT_LIMIT]
        original_id = _first_version(original)
    # The same name as in the list of reposting accounts, so that one act is kept once.
    post["id"] = f"share:{original_id}:{_string(item, 'author_id')}"
    post["action"] = "share"
    post["of"] = {"author": read_author(author), "url": _url(author, original_id)}


def _references(item: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    references = item.get("referenced_tweets")
    for reference in references if isinstance(references, list) else []:
        if isinstance(reference, dict):
            yield _string(reference, "type"), reference


def _full_text(item: Mapping[str, Any]) -> str | None:
    """Return the long text where there is one: `text` is cut after 280 characters."""
    note = item.get("note_tweet")
    for text in (note.get("text") if isinstance(note, dict) else None, item.get("text")):
        if isinstance(text, str):
            return text
    return None


def _first_version(item: Mapping[str, Any]) -> str:
    history = item.get("edit_history_tweet_ids")
    first = history[0] if isinstance(history, list) and history else None
    return first if isinstance(first, str) and first else _string(item, "id")


def _media_keys(item: Mapping[str, Any]) -> Sequence[str]:
    attachments = item.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, dict) else None
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    metrics = item.get("public_metrics")
    if not isinstance(metrics, dict):
        return {}
    counts = {name: value for name, value in metrics.items() if type(value) is int and value >= 0}
    found = {
        "likes": counts.get("like_count"),
        "replies": counts.get("reply_count"),
        "views": counts.get("impression_count"),
    }
    if "retweet_count" in counts:
        found["shares"] = counts["retweet_count"] + counts.get("quote_count", 0)
    return {name: value for name, value in found.items() if value is not None}


def _url(user: Mapping[str, Any], post_id: str) -> str:
    return f"https://x.com/{_string(user, 'username') or 'i'}/status/{post_id}"


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _by(objects: object, name: str) -> dict[str, Mapping[str, Any]]:
    found = objects if isinstance(objects, list) else []
    return {
        item[name]: item
        for item in found
        if isinstance(item, dict) and isinstance(item.get(name), str)
    }
