"""The one row that says which installation this database belongs to."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.storage.tables import installation
from monitor.storage.upsert import insert_or


def find_key_fingerprint(connection: Connection) -> str | None:
    return connection.execute(select(installation.c.key_fingerprint)).scalar()


def record_key_fingerprint(connection: Connection, fingerprint: str, at: datetime) -> None:
    statement = insert_or(connection, installation).values(
        id=1, key_fingerprint=fingerprint, sample_offered=False, created_at=at
    )
    connection.execute(statement.on_conflict_do_nothing())


def claim_sample_offer(connection: Connection) -> bool:
    """Return True to exactly one caller, ever: the sample source is offered once."""
    changed = connection.execute(
        update(installation)
        .where(installation.c.id == 1, installation.c.sample_offered.is_(False))
        .values(sample_offered=True)
    )
    return changed.rowcount == 1
