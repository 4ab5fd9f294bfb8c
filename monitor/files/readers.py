"""Reads posts from a file one by one with flat memory; bad items are named, not lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import orjson

from monitor.errors import FileFormatError
from monitor.files.items import LINE_LIMIT, Item
from monitor.files.posts_table import read_csv, read_xlsx


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of a file by its ending; raise `FileFormatError` if it is something else."""
    readers = {
        ".jsonl": _jsonl_file,
        ".ndjson": _jsonl_file,
        ".csv": read_csv,
        ".xlsx": read_xlsx,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileFormatError(
            f"{path.name}: jenis berkas tidak dikenal. Pakai .jsonl, .csv, atau .xlsx."
        )
    try:
        yield from reader(path)
    except OSError as error:
        raise FileFormatError(f"{path.name} tidak terbaca; periksa nama dan izinnya.") from error


def read_jsonl(stream: IO[bytes]) -> Iterator[Item]:
    """Yield one item a non-empty line; a line over the limit is skipped without being held."""
    line = 0
    while raw := stream.readline(LINE_LIMIT + 1):
        line += 1
        if len(raw) > LINE_LIMIT:
            _skip_rest_of_line(stream, raw)
            yield Item(line, None, f"baris lebih dari {LINE_LIMIT // 1024} KiB")
        elif stripped := raw.removeprefix(b"\xef\xbb\xbf").strip():
            yield _decode(line, stripped)


def _decode(line: int, raw: bytes) -> Item:
    try:
        return Item(line, orjson.loads(raw))
    except orjson.JSONDecodeError as error:
        try:
            raw.decode()
        except UnicodeDecodeError:
            return Item(line, None, "bukan UTF-8 yang sah")
        return Item(line, None, f"bukan JSON yang sah (kolom {error.colno})")


def _skip_rest_of_line(stream: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(LINE_LIMIT)


def _jsonl_file(path: Path) -> Iterator[Item]:
    with path.open("rb") as stream:
        yield from read_jsonl(stream)
