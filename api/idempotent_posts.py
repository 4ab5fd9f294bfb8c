"""Kept answers to `POST /v1/posts` hold no ids: of most posts nothing but a mark may stay.

The ids come back from the body, which the caller sends again with the same key.
"""

from typing import Any

import orjson

PATH = "/v1/posts"


def without_ids(answer: bytes, path: str) -> bytes:
    if path != PATH:
        return answer
    body = orjson.loads(answer)
    for item in body["items"]:
        item.pop("id", None)
    return orjson.dumps(body)


def restored(kept: bytes, request_body: bytes, path: str) -> bytes:
    if path != PATH:
        return kept
    answer, sent = orjson.loads(kept), orjson.loads(request_body)
    items = sent if isinstance(sent, list) else [sent]
    answer["items"] = [
        {**_id_of(post), **outcome} for post, outcome in zip(items, answer["items"], strict=True)
    ]
    return orjson.dumps(answer)


def _id_of(post: Any) -> dict[str, str]:
    shown = post.get("id") if isinstance(post, dict) else None
    return {"id": shown} if isinstance(shown, str) else {}
