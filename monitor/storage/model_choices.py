"""Which model was chosen last: read from the log, where each choice is a row."""

from pathlib import Path

from sqlalchemy import Connection, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from monitor.domain import LogEntry
from monitor.storage.tables import log


def find_last_choice(connection: Connection, subject: str) -> LogEntry | None:
    row = connection.execute(
        select(log).where(log.c.subject == subject).order_by(log.c.seq.desc()).limit(1)
    ).first()
    return LogEntry(*row) if row else None


def has_log(connection: Connection) -> bool:
    return inspect(connection).has_table(log.name)


def may_exist(url: str) -> bool:
    """False where opening the database would only create an empty one."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return True  # opening it says what is wrong
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        return True
    return Path(parsed.database).exists()
