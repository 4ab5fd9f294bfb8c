"""Reads the rows of CSV and XLSX files, whatever their columns mean (`posts_table` says that)."""

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl import load_workbook

from monitor.errors import FileFormatError
from monitor.files.items import LINE_LIMIT

DELIMITERS = ",;\t"
# A quoted text may hold line breaks; one that goes on for longer was never closed.
_RECORD_LINES = 300
# An XLSX is a ZIP: a small file can unpack to fill the disk.
_XLSX_UNPACKED_LIMIT = 2 * 1024**3
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
ROUNDED = "angka lebih dari 15 digit; format kolomnya sebagai teks"

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, or the reason why it cannot be read.

    `rounded`: cells whose number has more digits than a spreadsheet keeps.
    """

    line: int
    cells: list[str] = field(default_factory=list)
    error: str = ""
    rounded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Header:
    """A row that names the columns, and how the rows after it are to be read."""

    line: int
    cells: tuple[str, ...]
    delimiter: str = ""


def csv_header(path: Path) -> Header:
    """Return the first row that is not empty; its delimiter is whichever it uses most."""
    with path.open("rb") as raw:
        if raw.read(2) in _UTF16_MARKS:
            raise FileFormatError(f"{path.name} bukan UTF-8; simpan ulang sebagai CSV UTF-8.")
    with _csv_lines(path) as lines:
        first = next((line for line in lines if line[1].strip()), None)
    if first is None:
        raise FileFormatError(f"{path.name} kosong.")
    delimiter = max(DELIMITERS, key=first[1].count)
    return Header(first[0], _split(first[1], delimiter), delimiter)


def headers_near_top(path: Path, limit: int) -> list[Header]:
    """Return every row among the first `limit` that may name the columns, in each reading.

    Exports of monitoring suites put lines about the query above their table.
    """
    if path.suffix.lower() == ".xlsx":
        rows = islice(xlsx_rows(path), limit)
        return [Header(row.line, tuple(row.cells)) for row in rows if any(row.cells)]
    with _csv_lines(path) as lines:
        return [
            Header(line, _split(text, delimiter), delimiter)
            for line, text in islice(lines, limit)
            for delimiter in DELIMITERS
            if delimiter in text
        ]


def rows_after(path: Path, header: Header) -> Iterator[Row]:
    """Yield the rows under `header` that are not empty."""
    if path.suffix.lower() == ".xlsx":
        yield from (row for row in xlsx_rows(path) if row.line > header.line)
    else:
        yield from _csv_rows(path, header)


def _csv_rows(path: Path, header: Header) -> Iterator[Row]:
    with _csv_lines(path) as lines:
        for line, _ in lines:
            if line == header.line:
                break
        for number, row in _records(lines, header.delimiter):
            if isinstance(row, str):
                yield Row(number, error=row)
            elif any(row) and len(row) < len(header.cells):
                yield Row(number, error=f"{len(row)} kolom, kepala tabel {len(header.cells)}")
            elif any(row):
                yield Row(number, row)


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([text], delimiter=delimiter), ()))


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


@contextmanager
def _csv_lines(path: Path) -> Iterator[Iterator[Line]]:
    """Numbered lines. Bytes that cannot be decoded become lone surrogates, which are then refused.

    Every kind of line end counts as one, also the lone carriage return of old spreadsheets.
    """
    with path.open("rb") as raw:
        encoding = "utf-16" if raw.read(2) in _UTF16_MARKS else "utf-8-sig"
    # No surrogate can stand for a broken pair of UTF-16: there the replacement sign does.
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    with path.open(encoding=encoding, errors=errors, newline=None) as stream:
        yield _lines(stream)


def _lines(stream: IO[str]) -> Iterator[Line]:
    """Yield numbered lines with the rest of an endless one cut off; csv then refuses its cells."""
    number = 0
    while line := stream.readline(LINE_LIMIT):
        number += 1
        cut = line
        while cut and not cut.endswith("\n"):
            cut = stream.readline(LINE_LIMIT)
        yield number, line


def xlsx_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of the first sheet, its first row included; empty rows only before others."""
    try:
        with ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _XLSX_UNPACKED_LIMIT:
                raise FileFormatError(f"{path.name}: isi terurai lebih dari 2 GiB.")
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, ZlibError, KeyError, ValueError) as error:
        raise FileFormatError(f"{path.name} bukan berkas XLSX yang sah.") from error
    try:
        rows = workbook.worksheets[0].iter_rows(values_only=True)
        for line, values in enumerate(rows, start=1):
            cells = [_cell(value) for value in values]
            if line == 1 or any(cells):
                rounded = frozenset(n for n, value in enumerate(values) if _is_rounded(value))
                yield Row(line, cells, rounded=rounded)
    except (ParseError, BadZipFile, ZlibError, KeyError, ValueError, EOFError) as error:
        raise FileFormatError(f"{path.name}: isi berkas XLSX rusak.") from error
    finally:
        workbook.close()


def _is_rounded(value: Any) -> bool:
    """A spreadsheet keeps 15 digits of a number: two long ids would silently become one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15


def _cell(value: Any) -> str:
    if value is None:
        return ""
    # A spreadsheet turns an id such as 1024 into a number; what the person sees is meant.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
