"""Brings a database to the newest schema, and says whether it is there."""

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from monitor.storage.unit_of_work import Database

_MIGRATION_LOCK = 0x4E4554524D


@dataclass(frozen=True)
class SchemaState:
    current: str | None
    newest: str | None

    @property
    def is_newest(self) -> bool:
        return self.current == self.newest


def migrate(database: Database) -> SchemaState:
    """Apply what is missing in one transaction; several processes may start at the same time."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _MIGRATION_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return schema_state(database)


def schema_state(database: Database) -> SchemaState:
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return SchemaState(current, ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor:storage/migrations")
    return config
