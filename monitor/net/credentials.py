"""Passwords and tokens of platforms, one file each: read when needed, never kept or shown."""

import re
from pathlib import Path

from monitor.errors import ConfigurationError
from monitor.settings import Settings

_NAME = re.compile(r"[a-z0-9_-]{1,64}")
# A private key with its certificate chain fits; a wrongly named video does not.
_MOST_BYTES = 64 * 1024


class Credentials:
    """Reads `<directory>/<name>` afresh each time, so that a renewed token needs no restart."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def __repr__(self) -> str:
        return f"Credentials({str(self._directory) if self._directory else None!r})"

    def read(self, name: str) -> str:
        """Return the stripped text; raise `ConfigurationError` saying where it belongs."""
        # The name ends up in a path: nothing but these letters can leave the folder.
        if not _NAME.fullmatch(name):
            raise ConfigurationError(
                "Nama kredensial hanya boleh berisi a-z, 0-9, tanda hubung, dan garis bawah,"
                " paling panjang 64 huruf."
            )
        if self._directory is None:
            raise ConfigurationError(
                f"Kredensial {name!r} diperlukan, tetapi NETRA_CREDENTIALS_DIR belum diisi. Buat"
                f" sebuah folder, simpan kredensialnya di berkas {name!r} di dalamnya, lalu isi"
                " NETRA_CREDENTIALS_DIR dengan folder itu."
            )
        path = self._directory / name
        text = _read_text(path)
        if not text:
            raise ConfigurationError(f"Berkas {path} kosong; isi dengan kredensialnya.")
        return text


def open_credentials(settings: Settings) -> Credentials:
    return Credentials(settings.credentials_folder)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(
            f"Kredensial di {path} tidak terbaca ({error.strerror}). Simpan di berkas itu, dengan"
            " izin baca hanya untuk pengguna yang menjalankan Netra."
        ) from None
    if len(content) > _MOST_BYTES:
        raise ConfigurationError(f"Berkas {path} terlalu besar untuk sebuah kredensial.")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        # The error would carry the bytes; what may be a secret goes nowhere.
        raise ConfigurationError(f"Berkas {path} bukan teks UTF-8.") from None
