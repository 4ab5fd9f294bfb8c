"""The installation key: makes marks irreversible. It lives beside the database, never in it."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from monitor.clock import utcnow
from monitor.errors import ConfigurationError
from monitor.settings import Settings
from monitor.storage import installation
from monitor.storage.engine import make_folder
from monitor.storage.unit_of_work import Database

MARK_BYTES = 8
_FILE = "installation.key"


def load_installation_key(settings: Settings, database: Database) -> bytes:
    """Return the key, made on first use; refuse a key that is not this database's own."""
    key = _from_hex(settings.installation_key) if settings.installation_key else None
    key = key or _from_file(settings.data_dir / _FILE)
    fingerprint = hashlib.sha256(b"netra installation " + key).hexdigest()
    with database.write() as connection:
        installation.record_key_fingerprint(connection, fingerprint, utcnow())
        known = installation.find_key_fingerprint(connection)
    if known != fingerprint:
        raise ConfigurationError(
            "Kunci instalasi tidak cocok dengan basis data ini, sehingga unggahan yang sama akan"
            f" terhitung dua kali. Kembalikan berkas {_FILE} yang semula atau isi"
            " NETRA_INSTALLATION_KEY dengan kunci yang sama di semua mesin."
        )
    return key


def make_mark(key: bytes, platform: str, external_id: str) -> bytes:
    """Return 8 bytes that tell a post again but cannot be turned back into it."""
    message = f"{platform}\x00{external_id}".encode()
    return hmac.digest(key, message, "sha256")[:MARK_BYTES]


def _from_hex(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < 32:
        raise ConfigurationError(
            "NETRA_INSTALLATION_KEY harus 64 digit heksadesimal; buat dengan:"
            " python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return key


def _from_file(path: Path) -> bytes:
    make_folder(path.parent)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails where the file exists: of two first starts only one key survives.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return _from_hex(path.read_text().strip())
