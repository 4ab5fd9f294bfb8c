"""Tables in Netra's own columns: a header row, then one post a row."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.errors import FileFormatError
from monitor.files.items import Item
from monitor.files.tabular import ROUNDED, Row, csv_header, rows_after, xlsx_rows

_AUTHOR_COLUMNS = ("handle", "name", "bio", "location")
COUNT_COLUMNS = ("shares", "likes", "replies", "views")
REQUIRED_COLUMNS = ("id", "platform", "text")
KNOWN_COLUMNS = (
    *REQUIRED_COLUMNS,
    "posted_at",
    "url",
    *(f"author.{name}" for name in _AUTHOR_COLUMNS),
    "media_alt",
    "reply_to",
    *COUNT_COLUMNS,
    "region",
)


def read_csv(path: Path) -> Iterator[Item]:
    """Yield the rows of a CSV file; comma, semicolon or tab, whichever the header uses most."""
    header = csv_header(path)
    columns = _columns(path.name, header.cells)
    for row in rows_after(path, header):
        yield Item(row.line, None, row.error) if row.error else _item(row, columns)


def read_xlsx(path: Path) -> Iterator[Item]:
    """Yield the rows of the first sheet."""
    rows = xlsx_rows(path)
    columns = _columns(path.name, next(rows, Row(1)).cells)
    for row in rows:
        yield Item(row.line, None, ROUNDED) if row.rounded else _item(row, columns)


def own_columns(header: Sequence[str]) -> list[str]:
    """Return the names as this format spells them."""
    return [title.strip().lower().replace("author_", "author.") for title in header]


def count(cell: str) -> int | str:
    """Return the number a cell holds, or the cell where it holds none."""
    # No more digits than any real count has: Python refuses to read thousands of them.
    whole = cell.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) <= 19 else cell


def _columns(name: str, header: Sequence[str]) -> list[str]:
    columns = own_columns(header)
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    if missing:
        raise FileFormatError(
            f"{name}: kolom wajib tidak ada: {', '.join(missing)}."
            f" Kolom yang dikenal: {', '.join(KNOWN_COLUMNS)}."
        )
    return columns


def _item(row: Row, columns: list[str]) -> Item:
    if len(row.cells) > len(columns):
        return Item(row.line, None, f"{len(row.cells)} kolom, kepala tabel {len(columns)}")
    value: dict[str, Any] = {}
    author: dict[str, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        try:
            cell.encode()
        except UnicodeEncodeError:
            return Item(row.line, None, f"{column}: bukan UTF-8 yang sah")
        if column.startswith("author."):
            if cell:
                author[column.removeprefix("author.")] = cell
        elif column in COUNT_COLUMNS:
            if cell:
                value[column] = count(cell)
        elif column and (cell or column in REQUIRED_COLUMNS):
            value[column] = cell
    if author:
        value["author"] = author
    return Item(row.line, value)
