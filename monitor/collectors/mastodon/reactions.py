"""Public likes and boosts of posts given lately, each as an act of the account that did it.

A post is new when it is collected and is liked later: for two days its counts are asked for again,
many posts in one request, and where one has risen the list of accounts is read up to the one
known last. The watch list lies in the cursor: {id: {"at", "likes", "last_like", ...}}.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.mastodon.client import MastodonApi
from monitor.collectors.mastodon.mapping import act_to_post, is_public

# Bounds of one run: posts watched, posts asked for one by one on servers older than 4.3, lists of
# accounts read, and accounts of one list. A post liked by thousands is not read to its end.
WATCHED = 40
SINGLY = 10
LISTS = 20
ACCOUNTS = 40
FOR = timedelta(hours=48)
_KINDS = (
    ("like", "favourites_count", "favourited_by"),
    ("share", "reblogs_count", "reblogged_by"),
)

Watch = dict[str, dict[str, Any]]


def watch(watched: Watch, status: Mapping[str, Any], now: datetime) -> None:
    """Take a status just given onto the list; the oldest one leaves a full list."""
    if status.get("reblog") or not is_public(status):
        return
    watched.setdefault(str(status["id"]), {"at": now.isoformat()})
    for extra in sorted(watched, key=lambda status: watched[status]["at"])[:-WATCHED]:
        del watched[extra]


def forget_old(watched: Watch, now: datetime) -> None:
    for status in [s for s, known in watched.items() if _since(known) < now - FOR]:
        del watched[status]


def new_acts(
    api: MastodonApi, watched: Watch, host: str, *, region: str
) -> Iterator[list[dict[str, Any]]]:
    """Yield the new likes and boosts of one post at a time, its entry already moved on."""
    lists = 0
    for status in _standing(api, watched):
        known = watched.get(str(status.get("id")))
        if known is None or not is_public(status):
            continue
        acts: list[dict[str, Any]] = []
        for action, count_field, path in _KINDS:
            count = status.get(count_field)
            if not isinstance(count, int) or count <= known.get(action, 0) or lists >= LISTS:
                continue
            lists += 1
            fans = [fan for fan in api.fans(str(status["id"]), path, ACCOUNTS) if _key(fan)]
            new = _until(fans, known.get(f"last_{action}", ""))
            acts += [act_to_post(action, status, fan, host, region=region) for fan in new]
            known[action] = count
            if fans:
                known[f"last_{action}"] = _key(fans[0])
        if acts:
            yield acts


def _standing(api: MastodonApi, watched: Watch) -> list[Mapping[str, Any]]:
    if not watched:
        return []
    latest = sorted(watched, key=lambda status: watched[status]["at"], reverse=True)
    together = api.statuses(latest)
    if together is None:
        singly = [api.status(status) for status in latest[:SINGLY]]
        return [status for status in singly if status is not None]
    return [status for status in together if isinstance(status, Mapping)]


def _until(fans: list[Any], last: str) -> list[Any]:
    """Latest come first. Where the last known one took the like back, all are given again."""
    keys = [_key(fan) for fan in fans]
    return fans[: keys.index(last)] if last in keys else fans


def _key(fan: Any) -> str:
    value = fan.get("acct") if isinstance(fan, Mapping) else None
    return value if isinstance(value, str) else ""


def _since(known: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(known["at"])
