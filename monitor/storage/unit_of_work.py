"""One transaction a request or job: `read()` for looking, `write()` for changing, one commit."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import ConfigurationError, NetraError, UnavailableError
from monitor.storage.engine import make_engine


class Database:
    """The way to a connection; functions in this package take the connection it yields."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = make_engine(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _available(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read everything as of one moment, however many statements it takes."""
        with _available(), self.engine.connect() as plain:
            connection = plain
            if plain.dialect.name == "postgresql":
                connection = plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commit once when the block ends; roll everything back when it raises."""
        with (
            _available(),
            self.engine.connect().execution_options(netra_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def is_reachable(self) -> bool:
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except UnavailableError:
            return False
        return True

    def dispose(self) -> None:
        self.engine.dispose()


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise UnavailableError("Basis data sedang sibuk; coba lagi sebentar.") from error
    except DBAPIError as error:
        explained = _explained(error)
        if explained is None:
            raise
        raise explained from error


def _explained(error: DBAPIError) -> NetraError | None:
    """Return what to tell a user of a failing database, or None for a fault of our own."""
    told = str(error.orig)
    if isinstance(error.orig, sqlite3.Error):
        for phrase, explained in _SQLITE_FAULTS:
            if phrase in told:
                return explained
    elif getattr(error.orig, "sqlstate", None) == _POSTGRES_DISK_FULL:
        return _DISK_FULL
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return UnavailableError(
            "Basis data tidak dapat dihubungi atau sedang terkunci. Coba lagi sebentar; bila"
            " berulang, jalankan `netra doctor`."
        )
    return None


_POSTGRES_DISK_FULL = "53100"
_DISK_FULL = UnavailableError("Ruang simpan basis data penuh. Kosongkan ruang lalu coba lagi.")
_DAMAGED = ConfigurationError(
    "Berkas basis data rusak atau bukan milik Netra. Pulihkan dari cadangan, atau isi"
    " NETRA_DATA_DIR dengan folder lain."
)
_SQLITE_FAULTS: tuple[tuple[str, NetraError], ...] = (
    ("file is not a database", _DAMAGED),
    ("database disk image is malformed", _DAMAGED),
    ("Could not decode to UTF-8", _DAMAGED),
    ("database or disk is full", _DISK_FULL),
    (
        "attempt to write a readonly database",
        ConfigurationError("Basis data tidak dapat ditulisi; periksa izin berkasnya."),
    ),
    ("no such table", ConfigurationError("Skema belum ada; jalankan `netra db migrate`.")),
)


# One number for the whole installation: log rows and alert numbers are handed out in one line.
_SEQUENCE_LOCK = 0x4E45545241


def lock_sequences(connection: Connection) -> None:
    """Make gapless numbering safe until commit; SQLite's single writer needs no lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEQUENCE_LOCK})
