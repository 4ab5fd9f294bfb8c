"""File drop: a watched folder of JSONL, CSV, XLSX and exports; each file is taken once."""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.errors import PostError
from models.labels import Platform
from models.post import parse_post
from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.filedrop.dates import check_zone
from monitor.collectors.filedrop.folder import DropFolder, Found
from monitor.collectors.filedrop.mapping import AUTO, choose_mapping
from monitor.collectors.filedrop.progress import Progress
from monitor.collectors.filedrop.reading import DroppedFile
from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source
from monitor.errors import ConfigurationError, FileFormatError
from monitor.files.items import Item

PAGE = 500
# A page is held in memory: of long texts fewer go into one.
_PAGE_CHARACTERS = 4_000_000
SETTLE_SECONDS = 30


class FileDropCollector:
    """The cursor holds what was taken (by SHA-256), and how far the file at hand has been read.

    `done`: the files taken last, so that a copy of one is not read again. `open`: hash and row of
    a file not read to its end; after a kill it goes on at that row. A file is moved only after the
    page that ends it was stored: killed in between, the next run finds its hash in `done` and
    moves it unread.
    """

    def __init__(self, tools: Tools) -> None:
        self._now = tools.now

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        folder = DropFolder(Path(source.options.get("path", "")))
        settle = timedelta(seconds=int(source.options.get("settle") or SETTLE_SECONDS))
        progress = Progress(cursor)
        waiting: dict[str, list[Any]] = {}
        # One file that needs a person must not hold up the others: told when all were looked at.
        problems: list[str] = []
        for file in sorted(folder.files(), key=lambda file: not progress.is_open(file.name)):
            if not file.regular:
                folder.refuse(file, "Bukan berkas biasa (misalnya tautan). Taruh berkas aslinya.")
            elif progress.is_settled(file.name, file.size, file.changed_ns, self._now(), settle):
                yield from self._take(source, folder, file, progress, problems)
            else:
                seen = progress.seen(file.name, file.size, file.changed_ns, self._now())
                waiting[file.name] = seen
        if progress.set_waiting(waiting):
            yield Page([], progress.cursor(), cost=0)
        if problems:
            more = f" (dan {len(problems) - 1} berkas lain)" if len(problems) > 1 else ""
            raise NotConfigured(f"{problems[0]}{more}")

    def _take(
        self,
        source: Source,
        folder: DropFolder,
        file: Found,
        progress: Progress,
        problems: list[str],
    ) -> Iterator[Page]:
        if not os.access(file.path, os.R_OK):
            problems.append(f"{file.name} tidak terbaca; beri pengguna layanan Netra izin membaca.")
            return
        try:
            dropped = _open(source, file.path)
            if dropped.mapping and dropped.mapping.agreement and not source.agreement:
                problems.append(_agreement_needed(source, file, dropped.mapping.title))
                return
            sha256 = file.sha256()
            if progress.is_done(sha256):
                folder.finish(file)
            else:
                yield from _pages(source, folder, file, dropped, sha256, progress)
        except FileFormatError as error:
            progress.forget_open()
            folder.refuse(file, error.detail)
        except FileNotFoundError:
            # Taken back by whoever had put it there: nothing to say.
            return


def _pages(
    source: Source,
    folder: DropFolder,
    file: Found,
    dropped: DroppedFile,
    sha256: str,
    progress: Progress,
) -> Iterator[Page]:
    page = _Gathered()
    start, row = progress.row_of(sha256), 0
    notes: list[str] = []
    try:
        for row, item in enumerate(dropped.items(), start=1):
            if reason := item.error or _refusal(item.value):
                notes.append(f"baris {item.line}: {reason}")
            if row > start:
                page.add(item, source.region)
            if page.is_full:
                yield Page(page.taken(), progress.reached(file.name, sha256, row), cost=0)
    except FileFormatError as error:
        if page.items:
            yield Page(page.taken(), progress.reached(file.name, sha256, row), cost=0)
        raise FileFormatError(f"{error.detail} Terbaca sampai di sana: {row} baris.") from error
    if row and len(notes) == row:
        told = "; ".join(notes[:20])
        raise FileFormatError(f"{file.name}: tidak satu baris pun dapat dibaca. {told}")
    if notes:
        folder.note(file, sha256, notes)
    if file.is_unchanged():
        yield Page(page.taken(), progress.finished(sha256), cost=0)
        folder.finish(file)
    else:
        # Written on while it was read: the longer file is taken anew, under another hash.
        progress.forget_open()
        yield Page(page.taken(), progress.cursor(), cost=0)


class _Gathered:
    """Items of the page at hand. It is held in memory: of long texts fewer go into one."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._characters = 0

    def add(self, item: Item, region: str) -> None:
        value = item.value
        if isinstance(value, Mapping):
            self._characters += len(str(value.get("text", "")))
            if region and not value.get("region"):
                value = {**value, "region": region}
        self.items.append(value)

    @property
    def is_full(self) -> bool:
        return len(self.items) >= PAGE or self._characters >= _PAGE_CHARACTERS

    def taken(self) -> list[Any]:
        items, self.items, self._characters = self.items, [], 0
        return items


def _agreement_needed(source: Source, file: Found, title: str) -> str:
    return (
        f"{file.name} belum dibaca: ketentuan pembuat {title} belum jelas mengizinkan pengawasan"
        " oleh lembaga negara. Catat rujukan perjanjiannya dengan"
        f" `netra sources agree {source.name} TEKS`."
    )


def _open(source: Source, path: Path) -> DroppedFile:
    try:
        chosen = choose_mapping(source.options.get("mapping", AUTO))
    except ConfigurationError as error:
        raise NotConfigured(error.detail) from error
    return DroppedFile(
        path,
        chosen,
        platform=source.options.get("platform", ""),
        zone=source.options.get("zone", ""),
    )


def _refusal(value: Any) -> str:
    """Why the contract would refuse a post, for the note beside the file; '' when it would not."""
    try:
        parse_post(value)
    except PostError as error:
        return f"{error.field}: {error.reason}" if error.field else error.reason
    return ""


def _check_folder(text: str) -> None:
    if not Path(text).is_absolute():
        raise ValueError("tulis letak folder selengkapnya, diawali garis miring")


def _check_mapping(text: str) -> None:
    try:
        choose_mapping(text)
    except ConfigurationError as error:
        raise ValueError(error.detail) from error


def _check_platform(text: str) -> None:
    if text not in set(Platform):
        raise ValueError(f"pilihan: {', '.join(Platform)}")


def _check_seconds(text: str) -> None:
    if not (text.isascii() and text.isdigit() and int(text) <= 86_400):
        raise ValueError("bilangan bulat detik, 0 sampai 86400")


FILEDROP = Kind(
    name="filedrop",
    title="Folder berkas",
    platform="",
    build=FileDropCollector,
    options=(
        Option("path", "Folder yang diawasi (letak lengkap)", required=True, check=_check_folder),
        Option(
            "mapping",
            "Pemetaan kolom: auto, nama pemetaan yang dikirim, atau berkas .toml sendiri",
            default=AUTO,
            check=_check_mapping,
        ),
        Option(
            "platform", "Platform bila berkas tidak menyebutnya, misalnya x", check=_check_platform
        ),
        Option(
            "zone", "Selisih waktu bila berkas tidak menyebutnya, misalnya +07:00", check=check_zone
        ),
        Option(
            "settle",
            "Detik tanpa perubahan sebelum berkas dianggap selesai ditulis",
            default=str(SETTLE_SECONDS),
            check=_check_seconds,
        ),
    ),
    least_seconds=10,
)
