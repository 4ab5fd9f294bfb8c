"""One engine for SQLite (WAL) and PostgreSQL, from one address."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from monitor.errors import ConfigurationError

BUSY_TIMEOUT_MS = 30_000


def make_engine(url: str) -> Engine:
    """Return an engine for `url`; raise `ConfigurationError` for an address Netra cannot use."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("NETRA_DATABASE_URL bukan alamat basis data.") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url, parsed.database)
    if backend == "postgresql":
        return _postgresql(url)
    raise ConfigurationError(
        f"Basis data {backend!r} tidak didukung; pakai sqlite:/// atau postgresql+psycopg://."
    )


def make_folder(path: Path) -> None:
    """Make the folder if need be; raise `ConfigurationError` when it cannot be had."""
    try:
        # Cases name people: the folder is the owner's alone.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"Folder {path} tidak dapat dibuat. Isi NETRA_DATA_DIR dengan folder"
            " yang dapat ditulisi."
        ) from error


def _sqlite(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        make_folder(Path(database).parent)
        # SQLite gives its side files the mode of this one.
        Path(database).touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own implicit BEGIN is deferred: a read that turns into a write then
        # fails at once under contention, whatever the busy timeout. We begin by hand instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: a sealed post must survive a power cut, not only a killed process.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What the gate forgets must not stay readable in free pages of the file.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("netra_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            # Errors are logged, and parameters are posts: they stay out of the text.
            hide_parameters=True,
            pool_size=10,
            connect_args={
                "connect_timeout": 10,
                # UTC so that times at the edge of year 1 and 9999 never overflow on reading.
                "options": "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=30000",
            },
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigurationError(
            "Penggerak PostgreSQL belum terpasang; jalankan: pip install 'netra[postgres]'"
            " dan pakai alamat postgresql+psycopg://."
        ) from error
