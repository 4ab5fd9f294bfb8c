"""The installation's own gazetteer files: NETRA_DATA_DIR/gazetteer, read again when it changes."""

import threading
from importlib.resources import files
from pathlib import Path

from monitor.reference.calendar import Contest
from monitor.reference.gazetteer_files import (
    LIMIT,
    SUFFIXES,
    GazetteerFile,
    Problem,
    read_gazetteer_file,
)
from monitor.settings import load_settings

# Names, times and sizes of the files: what tells a changed folder without reading it.
Signature = tuple[tuple[str, int, int, int], ...]

_lock = threading.Lock()
_read: dict[Path, tuple[Signature, tuple[GazetteerFile, ...]]] = {}


def installation_folder() -> Path:
    return load_settings().gazetteer_dir


def shipped_files() -> tuple[GazetteerFile, ...]:
    folder = files("monitor.reference").joinpath("gazetteer")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(SUFFIXES)), key=lambda f: f.name)
    return tuple(read_gazetteer_file(f.name, f.read_bytes()) for f in found)


def signature(folder: Path) -> Signature:
    """Return what changes when the folder's files do; empty where there is no such folder."""
    found = []
    for path in _paths(folder):
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((path.name, state.st_mtime_ns, state.st_size, state.st_ino))
    return tuple(found)


def folder_files(folder: Path) -> tuple[GazetteerFile, ...]:
    """Return the folder's files by name, from memory as long as the folder stays the same."""
    now = signature(folder)
    with _lock:
        known = _read.get(folder)
        if known is None or known[0] != now:
            known = (now, tuple(read_path(path) for path in _paths(folder)))
            _read[folder] = known
        return known[1]


def read_path(path: Path) -> GazetteerFile:
    """Read one file; one that cannot be opened is a problem like any other."""
    try:
        with path.open("rb") as file:
            return read_gazetteer_file(path.name, file.read(LIMIT + 1))
    except OSError as error:
        reason = f"tidak terbaca ({error.strerror or error}); periksa izin berkasnya"
        return GazetteerFile(path.name, problems=[Problem(path.name, "", reason)])


def added_contests() -> tuple[Contest, ...]:
    """Return the contests that the installation added to the shipped calendar."""
    return tuple(c for file in folder_files(installation_folder()) for c in file.contests)


def _paths(folder: Path) -> list[Path]:
    try:
        found = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES]
    except OSError:
        return []
    return sorted(p for p in found if not p.name.startswith((".", "~")))
