"""What a collector is: from a source and a cursor to pages of posts, each with the next cursor.

A page's posts and its cursor are stored in one transaction: a killed run goes on where it stopped,
without gaps and without doubles. What goes wrong is told as one of `trouble.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from monitor.domain import Source
from monitor.net import NetClient
from monitor.net.credentials import Credentials

Cursor = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Decoded post objects of the contract, and where to go on after them.

    `cost` is what the page took of the platform's quota, in the platform's own units. `gap` tells
    that posts between the last cursor and this page can no longer be had, and since when.
    """

    items: list[Any]
    cursor: Cursor
    cost: int = 1
    gap_since: datetime | None = None


class Collector(Protocol):
    """One file or folder per kind; never logs in as a person, never joins a closed group."""

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]: ...


@runtime_checkable
class Looker(Protocol):
    """A collector that can look at one post again, to see whether it was edited or removed."""

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the post as it stands now, None where the platform says that it is gone.

        Raises trouble where the platform cannot be asked: no answer never means gone.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a collector works with; it opens nothing by itself and reads no clock of its own."""

    net: NetClient
    credentials: Credentials
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Option:
    """One `--set NAME=VALUE` of a kind; `check` raises ValueError with an Indonesian reason.

    An option that is a `credential` names a file of the credentials folder, never the secret.
    """

    name: str
    explanation: str
    required: bool = False
    default: str = ""
    credential: bool = False
    check: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: what it takes, what its terms ask for, and how its collector is made.

    `needs_agreement`: the platform's terms do not plainly allow this use, so that a source stays
    off until an administrator has recorded the reference of an agreement.
    """

    name: str
    title: str
    platform: str
    build: Callable[[Tools], Collector]
    options: tuple[Option, ...] = ()
    needs_agreement: bool = False
    least_seconds: int = 60
    notes: Mapping[str, str] = field(default_factory=dict)
