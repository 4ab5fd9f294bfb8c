"""Reads posts from CSV and XLSX: a header row, then one post a row."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from monitor.errors import FileFormatError
from monitor.pipeline.items import LINE_LIMIT, Item

# A quoted text may hold line breaks; one that goes on for longer was never closed.
_RECORD_LINES = 300
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

Line = tuple[int, str]


def read_csv(path: Path) -> Iterator[Item]:
    """Yield the rows of a CSV file; comma, semicolon or tab, whichever the header uses most."""
    with path.open("rb") as raw:
        if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            raise FileFormatError(f"{path.name} bukan UTF-8; simpan ulang sebagai CSV UTF-8.")
    # Bytes that are not UTF-8 become lone surrogates, which `_row` then names and refuses. Every
    # kind of line end counts as one, also the lone carriage return of old spreadsheets.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as stream:
        lines = _lines(stream)
        header = next((line for line in lines if line[1].strip()), None)
        if header is None:
            raise FileFormatError(f"{path.name} kosong.")
        delimiter = max(",;\t", key=header[1].count)
        columns = _columns(path.name, next(csv.reader([header[1]], delimiter=delimiter)))
        for number, row in _records(lines, delimiter):
            if isinstance(row, str):
                yield Item(number, None, row)
            elif any(row) and len(row) < len(columns):
                yield Item(number, None, f"{len(row)} kolom, kepala tabel {len(columns)}")
            elif any(row):
                yield _row(number, columns, row)


def _records(lines: Iterator[Line], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (line number, cells or reason).

    A quotation mark that is never closed would swallow all rows after it: then only its own line
    is refused, and reading goes on at the next.
    """
    waiting: deque[Line] = deque()
    while (first := waiting.popleft() if waiting else next(lines, None)) is not None:
        record, size = [first], len(first[1])
        inside = _left_open(first[1], delimiter, inside=False)
        while inside and len(record) < _RECORD_LINES and size < LINE_LIMIT:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                break
            record.append(line)
            size += len(line[1])
            inside = _left_open(line[1], delimiter, inside=True)
        try:
            rows = list(csv.reader([text for _, text in record], delimiter=delimiter, strict=True))
        except csv.Error:
            yield first[0], "kutipan CSV tidak ditutup, atau sel lebih dari 131072 karakter"
            waiting.extendleft(reversed(record[1:]))
            continue
        yield from ((first[0], row) for row in rows)


def _left_open(text: str, delimiter: str, *, inside: bool) -> bool:
    """Say whether a quoted cell goes on after this line; a quote opens only where a cell begins."""
    position = 0
    while (quote := text.find('"', position)) >= 0:
        position = quote + 1
        if not inside:
            inside = quote == 0 or text[quote - 1] == delimiter
        elif text[position : position + 1] == '"':
            position += 1
        else:
            inside = False
    return inside


def _lines(stream: IO[str]) -> Iterator[Line]:
    """Yield numbered lines with the rest of an endless one cut off; csv then refuses its cells."""
    number = 0
    while line := stream.readline(LINE_LIMIT):
        number += 1
        cut = line
        while cut and not cut.endswith("\n"):
            cut = stream.readline(LINE_LIMIT)
        yield number, line


def read_xlsx(path: Path) -> Iterator[Item]:
    """Yield the rows of the first sheet."""
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
    whole = cell.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) <= 19 else cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    # A spreadsheet turns an id such as 1024 into a number; what the person sees is meant.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
