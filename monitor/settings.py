"""Every NETRA_* variable, typed and checked at start: the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.errors import ConfigurationError

PREFIX = "NETRA_"


def _option(default: Any, explanation: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": explanation, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """One field a variable: `data_dir` is read from NETRA_DATA_DIR (a secret also from …_FILE)."""

    host: str = _option("127.0.0.1", "Alamat tempat API dan konsol mendengarkan")
    port: int = _option(8000, "Porta API dan konsol")
    data_dir: Path = _option(Path("var"), "Folder basis data SQLite, kunci instalasi, dan bukti")
    database_url: str = _option(
        "", "Alamat basis data; kosong berarti SQLite di NETRA_DATA_DIR", secret=True
    )
    admin_password: str = _option(
        "",
        "Kata sandi administrator pertama; kosong berarti dibuat dan dicetak sekali",
        secret=True,
    )
    installation_key: str = _option(
        "",
        "Kunci instalasi (64 digit heksadesimal); kosong berarti berkas di NETRA_DATA_DIR",
        secret=True,
    )
    model: str = _option(
        "",
        "NAMA@VERSI model; kosong berarti pilihan `netra model activate`, lalu yang aktif di"
        " registry.toml",
    )
    model_dir: str = _option(
        "", "Folder berisi registry.toml dan artifacts/; kosong berarti yang dikirim bersama Netra"
    )
    log_level: str = _option("INFO", "Tingkat catatan: DEBUG, INFO, WARNING, ERROR")
    timezone: str = _option("Asia/Jakarta", "Zona waktu tampilan konsol")
    session_hours: int = _option(12, "Lama sesi masuk konsol, dalam jam")
    cookie_secure: bool = _option(False, "Kirim kuki hanya lewat HTTPS (nyalakan di belakang TLS)")
    request_limit_mib: int = _option(64, "Ukuran kiriman HTTP terbesar, dalam MiB")
    proxy: str = _option(
        "",
        "Proksi HTTP untuk semua sambungan keluar, misalnya http://proksi:3128; kosong berarti"
        " langsung",
        secret=True,
    )
    user_agent: str = _option(
        "Netra/0.1 (pengawasan netralitas ASN; hubungi administrator instalasi)",
        "Nama yang dikenalkan kepada situs lain; isi dengan alamat kontak instalasi ini",
    )
    allow_private_addresses: bool = _option(
        False,
        "Izinkan sumber di jaringan sendiri (localhost, 10.x, 192.168.x); alamat metadata awan"
        " tetap ditolak",
    )
    credentials_dir: str = _option(
        "", "Folder kredensial platform, satu berkas per nama; kosong berarti tidak ada"
    )

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigurationError("NETRA_PORT harus antara 0 dan 65535.")
        if self.log_level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ConfigurationError("NETRA_LOG_LEVEL harus DEBUG, INFO, WARNING, atau ERROR.")
        if self.session_hours < 1:
            raise ConfigurationError("NETRA_SESSION_HOURS harus 1 atau lebih.")
        if self.request_limit_mib < 1:
            raise ConfigurationError("NETRA_REQUEST_LIMIT_MIB harus 1 atau lebih.")
        self._check_network()
        try:
            ZoneInfo(self.timezone)
        except (ValueError, KeyError, OSError) as error:
            raise ConfigurationError(
                f"NETRA_TIMEZONE {self.timezone!r} tidak dikenal; contoh: Asia/Makassar."
            ) from error

    def _check_network(self) -> None:
        # The value is not repeated: it may hold a password.
        if self.proxy and not self.proxy.startswith(("http://", "https://")):
            raise ConfigurationError("NETRA_PROXY harus berawal http:// atau https://.")
        if not (self.user_agent.strip() and self.user_agent.isascii()) or not (
            self.user_agent.isprintable()
        ):
            raise ConfigurationError(
                "NETRA_USER_AGENT harus terisi, hanya dengan huruf dan tanda ASCII, dalam satu"
                " baris."
            )

    @property
    def credentials_folder(self) -> Path | None:
        """The folder of one file per credential, or None where none is set."""
        return Path(self.credentials_dir) if self.credentials_dir else None

    @property
    def url(self) -> str:
        """The database address with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'netra.sqlite3').resolve()}"

    @property
    def model_root(self) -> Path | None:
        """The folder of models, or None for the one shipped with Netra."""
        return Path(self.model_dir) if self.model_dir else None

    @property
    def gazetteer_dir(self) -> Path:
        """The installation's own gazetteer files: parties, pairs and nicknames it has added."""
        return self.data_dir / "gazetteer"

    def shown(self) -> dict[str, str]:
        """Return every setting as text with secrets hidden, for `netra doctor`."""
        return {
            _variable(f.name): "(terisi, disembunyikan)"
            if f.metadata["secret"] and getattr(self, f.name)
            else str(getattr(self, f.name))
            for f in fields(self)
        }


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; raise `ConfigurationError` naming the variable that cannot be used."""
    environ = os.environ if environ is None else environ
    values = {
        f.name: _read(environ, f.name, f.default, f.metadata["secret"]) for f in fields(Settings)
    }
    return Settings(**values)


def setting_table() -> list[tuple[str, str, str]]:
    """Return (variable, default, explanation) for each setting, as the README prints it."""
    return [
        (
            _variable(f.name),
            str(f.default).lower() if isinstance(f.default, bool) else str(f.default),
            f.metadata["help"],
        )
        for f in fields(Settings)
    ]


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _read(environ: Mapping[str, str], name: str, default: Any, secret: bool) -> Any:
    variable = _variable(name)
    text = environ.get(variable, "")
    if secret and not text and environ.get(f"{variable}_FILE"):
        text = _read_secret_file(f"{variable}_FILE", Path(environ[f"{variable}_FILE"]))
    if text == "":
        return default
    if isinstance(default, bool):
        return _boolean(variable, text)
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise ConfigurationError(f"{variable} harus bilangan bulat, bukan {text!r}.") from None
    return Path(text) if isinstance(default, Path) else text


def _read_secret_file(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{variable}: berkas {path} tidak terbaca ({error}).") from error


def _boolean(variable: str, text: str) -> bool:
    known = {"1": True, "true": True, "ya": True, "0": False, "false": False, "tidak": False}
    if text.lower() not in known:
        raise ConfigurationError(f"{variable} harus 1 atau 0, bukan {text!r}.")
    return known[text.lower()]
