"""The sample source `contoh`: invented posts that fill the queue of a new installation."""

from collections.abc import Iterator
from importlib.resources import files

import orjson

from monitor.collectors.base import Cursor, Kind, Page
from monitor.domain import Source

_PAGE = 50


class SampleCollector:
    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        lines = files("monitor.collectors.sample").joinpath("posts.jsonl").read_bytes().splitlines()
        for start in range(int(cursor.get("line", 0)), len(lines), _PAGE):
            page = lines[start : start + _PAGE]
            yield Page([orjson.loads(line) for line in page], {"line": start + len(page)})


SAMPLE = Kind(
    name="sample",
    title="Contoh",
    platform="",
    build=lambda tools: SampleCollector(),
)
