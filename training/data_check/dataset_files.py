"""The files of `data/labeled` as plain objects, with the place of every fault in them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from training.errors import DatasetError

SPLITS = ("train", "dev", "test")
CONTRAST = "contrast"
CHECKSUMS = "checksums.txt"
SECOND_READING = "second_reading.jsonl"
VOICES = "voices.jsonl"
_KNOWN = {*(f"{name}.jsonl" for name in (*SPLITS, CONTRAST)), SECOND_READING, VOICES}
_CHANGED = "tidak cocok dengan SHA-256-nya; bila diubah sengaja: check-data --write-checksums"
_BOM = b"\xef\xbb\xbf"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with its file and, where it has one, its line."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled post as it stands in a file, its labels not yet believed."""

    split: str
    line: int
    row: Row

    @property
    def id(self) -> str:
        return str(self.row.get("id", ""))

    @property
    def gold(self) -> Row:
        value = self.row.get("gold")
        return value if isinstance(value, dict) else {}

    @property
    def meta(self) -> Row:
        value = self.row.get("meta")
        return value if isinstance(value, dict) else {}

    @property
    def written(self) -> str:
        """What the post shows: text, caption and the text it answers."""
        fields = (self.row.get(key) for key in ("text", "media_alt", "reply_to"))
        return "\n".join(value for value in fields if isinstance(value, str) and value)

    @property
    def shown(self) -> str:
        """What the post shows with its author's profile."""
        author = self.row.get("author")
        profile = author.values() if isinstance(author, dict) else ()
        return "\n".join([self.written, *(value for value in profile if isinstance(value, str))])

    @property
    def flag(self) -> bool:
        return bool(self.gold.get("flag"))

    def fault(self, reason: str) -> Fault:
        """Return a fault at the place of this post."""
        return Fault(f"{self.split}.jsonl", self.line, f"{self.id}: {reason}")


@dataclass(slots=True)
class LabeledFolder:
    """What was read from a folder of labelled posts."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    readings: list[tuple[int, Row]] = field(default_factory=list)
    voices: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def of(self, *splits: str) -> list[Entry]:
        """Return the posts of the named splits, in the order of the files."""
        return [entry for entry in self.entries if entry.split in splits]


def read_folder(path: Path) -> LabeledFolder:
    """Read a folder; every line that cannot be read becomes a fault and the others go on.

    Raises DatasetError when there is no such folder.
    """
    if not path.is_dir():
        raise DatasetError(f"{path}: folder tidak ada")
    folder = LabeledFolder(path)
    for file in sorted(path.glob("*.jsonl")):
        if file.name not in _KNOWN:
            folder.faults.append(
                Fault(file.name, None, "tidak dibaca: masukkan barisnya ke train, dev, atau test")
            )
    for split in (*SPLITS, CONTRAST):
        rows = _rows(folder, f"{split}.jsonl")
        folder.entries += [Entry(split, line, row) for line, row in rows]
    folder.readings = _rows(folder, SECOND_READING)
    folder.voices = [row for _, row in _rows(folder, VOICES)]
    return folder


def _rows(folder: LabeledFolder, name: str) -> list[tuple[int, Row]]:
    try:
        content = (folder.path / name).read_bytes()
    except OSError:
        folder.faults.append(Fault(name, None, "berkas tidak ada atau tidak dapat dibaca"))
        return []
    if content.startswith(_BOM):
        folder.faults.append(Fault(name, 1, "simpan sebagai UTF-8 tanpa BOM"))
        content = content.removeprefix(_BOM)
    rows: list[tuple[int, Row]] = []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            folder.faults.append(Fault(name, number, "bukan UTF-8"))
            continue
        except orjson.JSONDecodeError:
            folder.faults.append(Fault(name, number, "bukan JSON: satu objek JSON per baris"))
            continue
        if not isinstance(row, dict):
            folder.faults.append(Fault(name, number, "bukan objek JSON"))
            continue
        rows.append((number, row))
    return rows


def checksum_faults(path: Path) -> list[Fault]:
    """Compare checksums.txt (`<sha256>  <file>` a line) with every JSONL file beside it."""
    try:
        lines = (path / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [Fault(CHECKSUMS, None, "tidak terbaca")]
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}
    faults = []
    for file in sorted(path.glob("*.jsonl")):
        digest = told.pop(file.name, None)
        if digest is None:
            faults.append(Fault(CHECKSUMS, None, f"{file.name} tidak tercatat"))
        elif digest != hashlib.sha256(file.read_bytes()).hexdigest():
            faults.append(Fault(CHECKSUMS, None, f"{file.name} {_CHANGED}"))
    return faults + [Fault(CHECKSUMS, None, f"{name} tidak ada") for name in sorted(told)]


def write_checksums(path: Path) -> None:
    """Write checksums.txt anew, after the files were changed on purpose.

    Raises DatasetError when there is no such folder.
    """
    if not path.is_dir():
        raise DatasetError(f"{path}: folder tidak ada")
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(path.glob("*.jsonl"))
    ]
    (path / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
