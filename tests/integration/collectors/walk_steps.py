"""Steps of tests that walk a collector's pages: to the end, to a kill, to trouble."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from monitor.collectors.base import Collector, Page
from monitor.domain import Source
from monitor.errors import NetraError


def run(
    collector: Collector, cursor: Mapping[str, Any], source: Source, pages: int = 99
) -> tuple[list[Any], Mapping[str, Any]]:
    """Take so many pages as a run would, then stop as if killed."""
    items: list[Any] = []
    for number, page in enumerate(collector.collect(source, cursor), 1):
        items += page.items
        cursor = page.cursor
        if number == pages:
            break
    return items, cursor


def ids(items: list[Any]) -> list[str]:
    return [item["id"] for item in items]


def until_trouble(pages: Iterator[Page]) -> tuple[list[Page], NetraError]:
    taken: list[Page] = []
    with pytest.raises(NetraError) as caught:
        for page in pages:
            taken.append(page)
    return taken, caught.value
