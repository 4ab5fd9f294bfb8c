"""Goes through the lists of one source (pages, accounts, tags, keywords), each in its turn.

One list that fails does not keep the others from being read: its trouble is told at the end. A
run begins after the list that was read last, so that none starves behind a limit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.collectors.base import Cursor, Page
from monitor.collectors.trouble import (
    CollectorTrouble,
    CredentialsRefused,
    NeedsPerson,
    NotConfigured,
    RateLimited,
    trouble_of,
)
from monitor.errors import NetworkError

# These hold for every list of the source: asking on would only make them worse.
_FOR_ALL = (RateLimited, CredentialsRefused, NotConfigured)
# So many lists in a row without an answer: the platform is down, not a list.
_DOWN_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """Posts of one answer and the list's state after them."""

    posts: list[Any]
    state: Mapping[str, Any]
    gap_since: datetime | None = None


Follow = Callable[[str, Mapping[str, Any]], Iterator[Turn]]


def go_round(
    cursor: Cursor, names: Sequence[str], follow: Follow, spent: Callable[[], int]
) -> Iterator[Page]:
    """Yield a page per answer with the cursor of the whole source; raise what went wrong last."""
    # States of lists that were taken out of the source go with them.
    states = {name: state for name, state in cursor.get("lists", {}).items() if name in names}
    troubles: dict[str, CollectorTrouble] = {}
    down = 0
    for name in _in_turn(names, str(cursor.get("last", ""))):
        try:
            for turn in follow(name, states.get(name, {})):
                states[name] = dict(turn.state)
                stored = {"lists": dict(states), "last": name}
                yield Page(turn.posts, stored, cost=spent(), gap_since=turn.gap_since)
            down = 0
        except _FOR_ALL:
            raise
        except (CollectorTrouble, NetworkError) as error:
            trouble = troubles[name] = trouble_of(error)
            down = 0 if isinstance(trouble, NeedsPerson) else down + 1
            if down >= _DOWN_IN_A_ROW:
                break
    if troubles:
        raise _told(troubles, len(names))


def _in_turn(names: Sequence[str], last: str) -> list[str]:
    start = names.index(last) + 1 if last in names else 0
    return [*names[start:], *names[:start]]


def _told(troubles: Mapping[str, CollectorTrouble], total: int) -> CollectorTrouble:
    """What a person must act on comes first; the names are those of the source's own options."""
    worst = next(
        (trouble for trouble in troubles.values() if isinstance(trouble, NeedsPerson)),
        next(iter(troubles.values())),
    )
    if total > 1:
        names = ", ".join(troubles)
        worst.detail = f"{len(troubles)} dari {total} bermasalah ({names[:300]}): {worst.detail}"
        worst.args = (worst.detail,)
    return worst
