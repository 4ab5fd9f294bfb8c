"""A watched folder, filled and run by tests."""

import csv
import io
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from monitor.collectors.base import Page, Tools
from monitor.collectors.filedrop import FILEDROP
from monitor.domain import Source
from monitor.net import Credentials, NetClient
from tests.builders import make_post

LONG_AGO = time.time() - 3600


class Drop:
    """A source over a folder, run as the pipeline runs it: what was yielded was stored."""

    def __init__(self, folder: Path, net: NetClient) -> None:
        self.folder = folder
        self.cursor: dict[str, Any] = {}
        self.now = datetime.now(UTC)
        self.options = {"path": str(folder)}
        self.agreement = ""
        self.region = ""
        self._collector = FILEDROP.build(Tools(net, Credentials(None), lambda: self.now))

    def put(self, name: str, content: bytes | str, *, changed: float = LONG_AGO) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (changed, changed))
        return path

    def pages(self) -> Iterator[Page]:
        source = Source(
            id=1,
            name="titipan",
            kind="filedrop",
            options=self.options,
            every_seconds=60,
            status="active",
            sample=False,
            cursor=self.cursor,
            created_at=self.now,
            due_at=None,
            last_run_at=None,
            last_error="",
            region=self.region,
            agreement=self.agreement,
        )
        for page in self._collector.collect(source, self.cursor):
            # Through JSON, as the database keeps it.
            self.cursor = orjson.loads(orjson.dumps(page.cursor))
            yield page

    def run(self, stop_after: int | None = None) -> list[Any]:
        """Return the items of a run; `stop_after` pages it is killed, before it can go on."""
        items: list[Any] = []
        for number, page in enumerate(self.pages(), start=1):
            items.extend(page.items)
            if number == stop_after:
                break
        return items

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def names(self, where: str) -> list[str]:
        folder = self.folder / where
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def jsonl(items: list[Any]) -> bytes:
    return b"".join(orjson.dumps(item) + b"\n" for item in items)


def table(*rows: list[str], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def posts(count: int) -> list[dict[str, Any]]:
    return [make_post(id=f"p-{n}") for n in range(count)]
