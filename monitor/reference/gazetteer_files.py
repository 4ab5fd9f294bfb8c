"""One gazetteer file, TOML or CSV: what it holds, and by place and reason what is wrong in it."""

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.participants import KINDS, participant_from_dict
from monitor.reference.calendar import DATES, Contest, contest_from_dict
from monitor.reference.regions import find_region

SUFFIXES = (".toml", ".csv")
LIMIT = 8 * 1024 * 1024
_DEFAULTS = ("source", "contest", "valid_from", "valid_until")
_NAMES = ("aliases", "ambiguous", "in_context", "short", "hashtags", "beside")
_STANDS = ("name", "region", "number", *_NAMES, *_DEFAULTS)
_KEYS = {
    **dict.fromkeys(("party", "candidate", "choice"), _STANDS),
    "pair": (*_STANDS, "head", "deputy"),
    "nickname": ("of", "region", "number", *_NAMES, "contest", "source"),
    "contest": ("name", "regions", *DATES, "source"),
    "example": ("text", "media_alt", "region", "location", "date", "targets", "means"),
}
_COLUMNS = ("contest", "region", "number", "head", "deputy", "aliases", "source")
_REQUIRED_COLUMNS = ("contest", "region", "number", "head")


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    entry: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.entry, self.reason)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A table as read: `place` names it to people, `kind` is its table, `data` its fields."""

    file: str
    place: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A test that travels with the entries: a text and the targets it must give."""

    file: str
    place: str
    text: str
    targets: tuple[str, ...]
    means: tuple[str, ...] | None = None
    media_alt: str = ""
    region: str = ""
    location: str = ""
    day: date | None = None


@dataclass(slots=True)
class GazetteerFile:
    """What one file holds; what is broken stands under `problems` and nowhere else."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_gazetteer_file(name: str, content: bytes) -> GazetteerFile:
    """Read one file; never raises for what stands in it."""
    result = GazetteerFile(name)
    try:
        text = _decoded(content)
        tables = _csv_tables(text) if name.lower().endswith(".csv") else _toml_tables(text)
        for entry in tables:
            _take(result, Entry(name, *entry))
    except ValueError as error:
        result.problems.append(Problem(name, "", str(error)))
    return result


def _decoded(content: bytes) -> str:
    if len(content) > LIMIT:
        raise ValueError(f"lebih dari {LIMIT // 1024**2} MiB; bagi menjadi beberapa berkas")
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ValueError("bukan UTF-8; simpan ulang dengan penyandian UTF-8") from error


def _toml_tables(text: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield (place, kind, fields); what a file says once at its top holds for each entry."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_toml_reason(error)) from error
    # `contest = "…"` names the contest of all entries, `[[contest]]` is a contest of its own.
    defaults = {k: data.pop(k) for k in _DEFAULTS if not isinstance(data.get(k, []), list)}
    for kind, tables in data.items():
        if kind not in _KEYS or not isinstance(tables, list):
            yield kind, "", {}
            continue
        allowed = {key: value for key, value in defaults.items() if key in _KEYS[kind]}
        for number, table in enumerate(tables, start=1):
            fields = {**allowed, **table} if isinstance(table, Mapping) else {"": table}
            yield f"{kind} ke-{number}{_called(fields)}", kind, fields


def _toml_reason(error: tomllib.TOMLDecodeError) -> str:
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    where = f"baris {place[1]}, kolom {place[2]}" if place else "akhir berkas"
    return (
        f"bukan TOML yang benar ({where}); periksa tanda kutip, koma, dan kurung di sana,"
        f" atau salin bentuk berkas bawaan. Rincian: {error}"
    )


def _called(fields: Mapping[str, Any]) -> str:
    called = fields.get("name") or fields.get("head") or fields.get("of") or fields.get("text")
    return f" ({called[:60]})" if isinstance(called, str) and called else ""


def _csv_tables(text: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield one pair a row; spreadsheets set to Indonesian write semicolons between columns."""
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    columns = [column.strip().lower() for column in rows.fieldnames or []]
    rows.fieldnames = columns
    missing = [column for column in _REQUIRED_COLUMNS if column not in columns]
    unknown = [column for column in columns if column not in _COLUMNS]
    if missing or unknown:
        what = "tidak ada kolom" if missing else "kolom tidak dikenal:"
        raise ValueError(
            f"{what} {', '.join(missing or unknown)}; baris pertama harus berisi nama kolom dari:"
            f" {', '.join(_COLUMNS)}"
        )
    for number, row in enumerate(rows, start=2):
        if row.get(None):
            yield f"baris {number}", "pair", {"": "kelebihan kolom"}
            continue
        values = {key: (value or "").strip() for key, value in row.items()}
        if any(values.values()):
            yield f"baris {number} ({values['head']})", "pair", _from_row(values)


def _from_row(values: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(values)
    number = values["number"]
    fields["number"] = int(number) if number.isdecimal() and len(number) < 5 else number
    aliases = [a.strip() for a in fields.pop("aliases", "").split("|") if a.strip()]
    # A call name of one word ("Hendi") is too common to count in the whole country.
    fields["aliases"] = [a for a in aliases if " " in a]
    fields["short"] = [a for a in aliases if " " not in a]
    if not values.get("deputy"):
        # "Kolom kosong" is no person whose first or last name could be used.
        fields["name"] = fields.pop("head")
    return fields


def _take(result: GazetteerFile, entry: Entry) -> None:
    """Put a table where it belongs, or name what is wrong with it."""
    try:
        _check_keys(entry)
        if entry.kind == "example":
            result.examples.append(_example(entry))
        elif entry.kind == "contest":
            _check_source(entry)
            result.contests.append(contest_from_dict(entry.data))
        else:
            _check_entry(entry)
            result.entries.append(entry)
    except ValueError as error:
        result.problems.append(Problem(entry.file, entry.place, str(error)))


def _check_keys(entry: Entry) -> None:
    known = _KEYS.get(entry.kind)
    if known is None:
        near = difflib.get_close_matches(entry.place, _KEYS, n=1)
        hint = f"maksudnya [[{near[0]}]]?" if near else f"yang dikenal: {', '.join(_KEYS)}"
        raise ValueError(f"tabel tidak dikenal atau bukan [[…]]; {hint}")
    for key in entry.data:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"maksudnya {near[0]!r}?" if near else f"yang dikenal: {', '.join(known)}"
            raise ValueError(f"kunci {key!r} tidak dikenal; {hint}")


def _check_source(entry: Entry) -> None:
    source = entry.data.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ValueError(
            "source: wajib diisi (keputusan, berita acara, atau alamat asal fakta ini)"
        )


def _check_entry(entry: Entry) -> None:
    _check_source(entry)
    kind = entry.kind if entry.kind in KINDS else "candidate"
    data = dict(entry.data)
    if entry.kind == "nickname":
        data["name"] = data.pop("of", "") or "julukan"
        if not any(data.get(key) for key in _NAMES):
            raise ValueError(
                "julukan tanpa nama; isi aliases, ambiguous, in_context, atau hashtags"
            )
    participant = participant_from_dict(kind, data)
    if participant.region and find_region(participant.region) is None:
        raise ValueError(
            f"region: kode {participant.region!r} tidak dikenal; contoh: 33 (provinsi), 33.14"
            ' (kabupaten/kota), atau "*" untuk seluruh Indonesia'
        )
    if entry.kind == "pair":
        for key in ("contest", "number", "region"):
            if not entry.data.get(key):
                raise ValueError(f"{key}: wajib diisi untuk pasangan")


def _example(entry: Entry) -> Example:
    data = entry.data
    for key in ("text", "media_alt", "region", "location"):
        if not isinstance(data.get(key, ""), str):
            raise ValueError(f"{key}: harus berupa teks dalam tanda kutip")
    if not (data.get("text") or data.get("media_alt")):
        raise ValueError("text: wajib diisi")
    day = data.get("date")
    if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
        raise ValueError("date: harus tanggal tanpa tanda kutip seperti 2024-11-27")
    if "targets" not in data:
        raise ValueError("targets: wajib diisi; [] berarti tidak boleh ada yang ditemukan")
    means = data.get("means")
    for key in ("targets", "means"):
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise ValueError(f"{key}: harus berupa daftar teks")
    return Example(
        file=entry.file,
        place=entry.place,
        text=data.get("text", ""),
        targets=tuple(data["targets"]),
        means=None if means is None else tuple(means),
        media_alt=data.get("media_alt", ""),
        region=data.get("region", ""),
        location=data.get("location", ""),
        day=day,
    )
