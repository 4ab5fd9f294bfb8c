"""Small readers for what Meta sends: lists of items, times, counts; nothing is trusted."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from models.post import AUTHOR_LIMITS, TEXT_LIMIT
from monitor.collectors.meta.walk import Batch, Entry
from monitor.collectors.trouble import AnswerChanged

_CURSOR = re.compile(r"[A-Za-z0-9+/=_-]{1,2000}")


def batch_of(
    edge: object, entry_of: Callable[[Mapping[str, Any]], Entry | None], *, needs_next: bool = True
) -> Batch:
    """Read one edge: `data` and `paging`. Skips what cannot be read; raises where nothing can.

    The list ends where `paging.next` is missing; edges that never send it have `needs_next` off
    and end with an answer without items.
    """
    if not isinstance(edge, Mapping) or not isinstance(edge.get("data"), list):
        raise AnswerChanged("Jawaban Meta tidak memuat daftar `data`; periksa versi Graph API.")
    items = edge["data"]
    entries = [entry for item in items if (entry := _entry(item, entry_of)) is not None]
    if items and not entries:
        raise AnswerChanged(
            f"Tidak satu pun dari {len(items)} butir Meta dapat dibaca: nama kolomnya berubah. "
            "Periksa versi Graph API sumber ini."
        )
    paging = edge.get("paging") if items or needs_next else None
    after = _after(paging, needs_next) if isinstance(paging, Mapping) else ""
    return Batch(entries, after, len(items))


def _entry(item: object, entry_of: Callable[[Mapping[str, Any]], Entry | None]) -> Entry | None:
    return entry_of(item) if isinstance(item, Mapping) else None


def _after(paging: Mapping[str, Any], needs_next: bool) -> str:
    if needs_next and not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, Mapping) else None
    # It goes back into a query, for Instagram even into a field expression.
    return after if isinstance(after, str) and _CURSOR.fullmatch(after) else ""


def timed_entry(item: Mapping[str, Any], time_field: str) -> Entry | None:
    """Return the entry of an item with `id` and a time; the documented shape has both."""
    identity, at = text_of(item, "id"), epoch_of(item.get(time_field))
    return Entry(identity, at, item) if identity and at is not None else None


def epoch_of(value: object) -> int | None:
    """Read `2019-05-17T16:24:04+0000`, or seconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def text_of(item: Mapping[str, Any], name: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text of a field, "" where there is none; the contract's length at most."""
    value = item.get(name)
    return value[:limit] if isinstance(value, str) else ""


def count_of(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value


def author_of(handle: str, name: str = "", bio: str = "", location: str = "") -> dict[str, str]:
    """Return the author object with the parts there are, cut to the contract's lengths."""
    parts = {"handle": handle, "name": name, "bio": bio, "location": location}
    return {part: text[: AUTHOR_LIMITS[part]] for part, text in parts.items() if text}


def without_nothing(post: Mapping[str, Any]) -> dict[str, Any]:
    """Return the post without fields that are empty; `id`, `platform` and `text` stay."""
    kept = ("id", "platform", "text")
    empty: tuple[Any, ...] = (None, "", {})
    return {name: value for name, value in post.items() if name in kept or value not in empty}


def with_words(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the posts that have something to read: a bare picture tells nothing here."""
    return [post for post in posts if (post["text"] + post.get("media_alt", "")).strip()]
