"""One dropped file as items: in Netra's own format, or through the mapping its header calls for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.collectors.filedrop.mapping import (
    Columns,
    ExportMapping,
    RowRefused,
    detect_mapping,
    normalised,
    shipped_mappings,
)
from monitor.errors import FileFormatError
from monitor.files.items import Item
from monitor.files.posts_table import REQUIRED_COLUMNS, own_columns
from monitor.files.readers import read_items
from monitor.files.tabular import Header, headers_near_top, rows_after

_JSON = (".jsonl", ".ndjson")
_TABLES = (".csv", ".xlsx")
KNOWN_ENDINGS = (*_JSON, *_TABLES)
# So many lines may stand above the table, and so many objects are looked at to know a format.
_HEADER_LINES = 20
_DEPTH = 6


class DroppedFile:
    """Finds out what a file is when made; raises `FileFormatError` when it is nothing known."""

    def __init__(
        self, path: Path, chosen: ExportMapping | None, *, platform: str = "", zone: str = ""
    ) -> None:
        self._path = path
        self._platform = platform
        self._zone = zone
        self._header: Header | None = None
        self.mapping: ExportMapping | None = None
        ending = path.suffix.lower()
        if ending not in KNOWN_ENDINGS:
            raise FileFormatError(
                f"{path.name}: jenis berkas tidak dikenal. Pakai {', '.join(KNOWN_ENDINGS)}."
            )
        if ending in _JSON:
            self.mapping = chosen or self._mapping_of_objects()
        else:
            self._find_header(chosen)

    def items(self) -> Iterator[Item]:
        """Yield one item a row; always the same ones in the same order for the same bytes."""
        if self.mapping is None:
            return read_items(self._path)
        return self._mapped_rows() if self._header else self._mapped_objects()

    def _find_header(self, chosen: ExportMapping | None) -> None:
        for header in headers_near_top(self._path, _HEADER_LINES):
            if chosen is None and set(REQUIRED_COLUMNS) <= set(own_columns(header.cells)):
                return
            titles = normalised(header.cells)
            mapping = chosen if chosen and chosen.fits(titles) else None
            mapping = mapping or (None if chosen else detect_mapping(titles))
            if mapping and (self.mapping is None or len(mapping.detect) > len(self.mapping.detect)):
                self.mapping, self._header = mapping, header
        if self.mapping is None:
            raise FileFormatError(_unknown_columns(self._path.name, chosen))

    def _mapping_of_objects(self) -> ExportMapping | None:
        """Own format unless the first object says otherwise; bad lines say nothing of a format."""
        for number, item in enumerate(read_items(self._path)):
            if isinstance(item.value, Mapping):
                if set(REQUIRED_COLUMNS) <= set(item.value):
                    return None
                return detect_mapping(normalised(list(_flat(item.value))))
            if number >= _HEADER_LINES:
                break
        return None

    def _mapped_rows(self) -> Iterator[Item]:
        assert self._header is not None
        titles = normalised(self._header.cells)
        for row in rows_after(self._path, self._header):
            if row.error:
                yield Item(row.line, None, row.error)
                continue
            cells = dict(zip(titles, row.cells, strict=False))
            rounded = {titles[n] for n in row.rounded if n < len(titles)}
            yield self._item(row.line, Columns(cells, rounded))

    def _mapped_objects(self) -> Iterator[Item]:
        for item in read_items(self._path):
            if isinstance(item.value, Mapping):
                flat = _flat(item.value)
                cells = dict(zip(normalised(list(flat)), flat.values(), strict=True))
                yield self._item(item.line, Columns(cells))
            else:
                yield Item(item.line, None, item.error or "bukan objek JSON")

    def _item(self, line: int, found: Columns) -> Item:
        assert self.mapping is not None
        try:
            post = self.mapping.post(found, self._platform, self._zone)
            _check_letters(post)
            return Item(line, post)
        except RowRefused as refusal:
            return Item(line, None, str(refusal))


def _flat(value: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    """Nested objects as the dotted names tables use; lists say nothing a column could hold."""
    cells: dict[str, str] = {}
    for name, part in value.items():
        place = f"{before}{name}"
        if isinstance(part, Mapping) and depth < _DEPTH:
            cells |= _flat(part, f"{place}.", depth + 1)
        elif isinstance(part, str | int | float) and not isinstance(part, bool):
            cells[place] = str(part)
    return cells


def _check_letters(value: Any) -> None:
    texts = value.values() if isinstance(value, Mapping) else (value,)
    for text in texts:
        if isinstance(text, Mapping):
            _check_letters(text)
        elif isinstance(text, str):
            try:
                text.encode()
            except UnicodeEncodeError:
                raise RowRefused("bukan UTF-8 yang sah") from None


def _unknown_columns(name: str, chosen: ExportMapping | None) -> str:
    if chosen:
        wanted = ", ".join("/".join(sorted(names)) for names in chosen.detect)
        return f"{name}: tidak ada kepala tabel dengan kolom {wanted} (pemetaan {chosen.name})."
    return (
        f"{name}: kepala tabelnya tidak dikenal. Pakai kolom {', '.join(REQUIRED_COLUMNS)}, ekspor"
        f" yang dikenal ({', '.join(shipped_mappings())}), atau tulis pemetaan sendiri dan sebut"
        " di pilihan mapping."
    )
