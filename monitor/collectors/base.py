"""What a collector is: from a source and a cursor to pages of posts, each with the next cursor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from monitor.domain import Source

Cursor = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Decoded post objects and where to go on after them; both are stored in one transaction."""

    items: list[Any]
    cursor: Cursor


class Collector(Protocol):
    """One file or folder per kind; never logs in as a person, never joins a closed group."""

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]: ...
