"""INSERT … ON CONFLICT in the words of the database at hand."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or(connection: Connection, table: Table) -> Any:
    """Return the dialect's insert, which knows `on_conflict_do_nothing` and `…_do_update`."""
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    return module.insert(table)
