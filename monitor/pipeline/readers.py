"""Reads posts from JSONL, CSV and XLSX one by one with flat memory; bad items are named."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import orjson

from monitor.errors import FileFormatError

LINE_LIMIT = 1024 * 1024
# An XLSX is a ZIP: a small file can unpack to fill the disk.
_XLSX_UNPACKED_LIMIT = 2 * 1024**3
_AUTHOR_COLUMNS = ("handle", "name", "bio", "location")
_COUNT_COLUMNS = ("shares", "likes", "replies", "views")
REQUIRED_COLUMNS = ("id", "platform", "text")
KNOWN_COLUMNS = (
    *REQUIRED_COLUMNS,
    "posted_at",
    "url",
    *(f"author.{name}" for name in _AUTHOR_COLUMNS),
    "media_alt",
    "reply_to",
    *_COUNT_COLUMNS,
    "region",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing read: a decoded value, or the reason why it could not be decoded."""

    line: int
    value: Any
    error: str = ""


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of a file by its ending; raise `FileFormatError` if it is something else."""
    readers = {
        ".jsonl": _jsonl_file,
        ".ndjson": _jsonl_file,
        ".csv": _csv_file,
        ".xlsx": _xlsx_file,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileFormatError(
            f"{path.name}: jenis berkas tidak dikenal. Pakai .jsonl, .csv, atau .xlsx."
        )
    try:
        yield from reader(path)
    except OSError as error:
        raise FileFormatError(f"{path.name} tidak terbaca: {error.strerror or error}.") from error


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
        return Item(line, None, f"bukan JSON yang sah ({error.msg}, kolom {error.colno})")


def _skip_rest_of_line(stream: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(LINE_LIMIT)


def _jsonl_file(path: Path) -> Iterator[Item]:
    with path.open("rb") as stream:
        yield from read_jsonl(stream)


def _csv_file(path: Path) -> Iterator[Item]:
    # Bytes that are not UTF-8 become lone surrogates, which `_row` then names and refuses.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        first = stream.readline(LINE_LIMIT)
        stream.seek(0)
        delimiter = max(",;\t", key=first.count)
        rows = csv.reader(_lines(stream), delimiter=delimiter)
        try:
            header = next(rows, [])
            columns = _columns(path.name, header)
            while True:
                try:
                    row = next(rows)
                except csv.Error as error:
                    yield Item(rows.line_num, None, f"baris CSV tidak sah ({error})")
                    continue
                if any(row):
                    yield _row(rows.line_num, columns, row)
        except StopIteration:
            return


def _lines(stream: IO[str]) -> Iterator[str]:
    """Yield lines with the rest of an endless one cut off; the csv module then refuses it."""
    while line := stream.readline(LINE_LIMIT):
        cut = line
        while cut and not cut.endswith("\n"):
            cut = stream.readline(LINE_LIMIT)
        yield line


def _xlsx_file(path: Path) -> Iterator[Item]:
    from openpyxl import load_workbook

    try:
        with ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _XLSX_UNPACKED_LIMIT:
                raise FileFormatError(f"{path.name}: isi terurai lebih dari 2 GiB.")
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise FileFormatError(f"{path.name} bukan berkas XLSX yang sah.") from error
    try:
        sheet = workbook.worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        columns = _columns(path.name, [_cell(value) for value in next(rows, ())])
        for line, row in enumerate(rows, start=2):
            cells = [_cell(value) for value in row]
            if any(_is_rounded(value) for value in row):
                yield Item(line, None, "angka lebih dari 15 digit; format kolomnya sebagai teks")
            elif any(cells):
                yield _row(line, columns, cells)
    except (ParseError, BadZipFile, KeyError, ValueError, EOFError) as error:
        raise FileFormatError(f"{path.name}: isi berkas XLSX rusak.") from error
    finally:
        workbook.close()


def _columns(name: str, header: Iterable[str]) -> list[str]:
    columns = [title.strip().lower().replace("author_", "author.") for title in header]
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    if missing:
        raise FileFormatError(
            f"{name}: kolom wajib tidak ada: {', '.join(missing)}."
            f" Kolom yang dikenal: {', '.join(KNOWN_COLUMNS)}."
        )
    return columns


def _row(line: int, columns: list[str], cells: list[str]) -> Item:
    if len(cells) > len(columns):
        return Item(line, None, f"{len(cells)} kolom, kepala tabel {len(columns)}")
    value: dict[str, Any] = {}
    author: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        try:
            cell.encode()
        except UnicodeEncodeError:
            return Item(line, None, f"{column}: bukan UTF-8 yang sah")
        if column.startswith("author."):
            if cell:
                author[column.removeprefix("author.")] = cell
        elif column in _COUNT_COLUMNS:
            if cell:
                value[column] = _count(cell)
        elif column and (cell or column in REQUIRED_COLUMNS):
            value[column] = cell
    if author:
        value["author"] = author
    return Item(line, value)


def _is_rounded(value: Any) -> bool:
    """A spreadsheet keeps 15 digits of a number: two long ids would silently become one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15


def _count(cell: str) -> int | str:
    # No more digits than any real count has: Python refuses to read thousands of them.
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 19 else cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    # A spreadsheet turns an id such as 1024 into a number; what the person sees is meant.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
