"""The watched folder: which files are complete, and where they go once taken or refused."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.collectors.trouble import NotConfigured

DONE, REFUSED = "selesai", "ditolak"
_CHUNK = 1024 * 1024
# What programs leave beside files, or call them while they are still writing.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", "~")
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_NOTES_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was found; whoever reads it looks afterwards whether it is still the same."""

    path: Path
    size: int
    changed_ns: int
    regular: bool

    @property
    def name(self) -> str:
        return self.path.name

    def is_unchanged(self) -> bool:
        try:
            return _found(self.path) == self
        except FileNotFoundError:
            return False

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


class DropFolder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def files(self) -> Iterator[Found]:
        """Yield what lies in the folder, longest waiting first. Folders in it are left alone."""
        try:
            entries = [entry for entry in self._path.iterdir() if not _is_passed_over(entry.name)]
            found = [_found(entry) for entry in entries if not _is_folder(entry)]
        except FileNotFoundError as error:
            raise NotConfigured(
                f"Folder {self._path} tidak ada. Buat foldernya, atau ubah pilihan path."
            ) from error
        except OSError as error:
            raise NotConfigured(
                f"Folder {self._path} tidak terbaca; periksa izinnya untuk pengguna layanan Netra."
            ) from error
        yield from sorted(found, key=lambda file: (file.changed_ns, file.name))

    def finish(self, file: Found) -> None:
        self._move(file, DONE)

    def refuse(self, file: Found, reason: str) -> None:
        """Put the file aside with a text file beside it that says why."""
        moved = self._move(file, REFUSED)
        self._write(moved.with_name(f"{moved.name}.alasan.txt"), [reason])

    def note(self, file: Found, sha256: str, lines: Sequence[str]) -> None:
        """Say which rows were refused, before the file itself is moved beside the note."""
        shown = list(lines[:_NOTES_LIMIT])
        if len(lines) > len(shown):
            shown.append(f"… dan {len(lines) - len(shown)} baris lain")
        folder = self._made(DONE)
        self._write(folder / f"{file.name}.{sha256[:8]}.catatan.txt", shown)

    def _move(self, file: Found, where: str) -> Path:
        folder = self._made(where)
        target = folder / file.name
        number = 2
        while target.exists() or target.is_symlink():
            target = folder / f"{file.path.stem}-{number}{file.path.suffix}"
            number += 1
        try:
            file.path.rename(target)
        except OSError as error:
            raise _not_movable(file.name, where) from error
        return target

    def _made(self, where: str) -> Path:
        folder = self._path / where
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise _not_movable("Berkas", where) from error
        return folder

    def _write(self, path: Path, lines: Sequence[str]) -> None:
        try:
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            raise _not_movable(path.name, path.parent.name) from error


def _not_movable(name: str, where: str) -> NotConfigured:
    return NotConfigured(
        f"{name} tidak dapat dipindahkan ke {where}/; beri pengguna layanan Netra izin menulis di"
        " folder ini. Isinya tidak akan terhitung dua kali."
    )


def _is_passed_over(name: str) -> bool:
    lower = name.lower()
    return name.startswith((".", "~$")) or lower.endswith(_UNFINISHED) or lower in _LITTER


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _found(path: Path) -> Found:
    # Never through a link: what it points at was not dropped here.
    status = os.lstat(path)
    return Found(path, status.st_size, status.st_mtime_ns, stat.S_ISREG(status.st_mode))
