"""The migrations give exactly the tables that the code speaks of, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitor.runtime import Runtime
from monitor.storage.migrate import migrate, schema_state
from monitor.storage.tables import metadata
from monitor.storage.unit_of_work import Database
from tests.builders import make_post
from tests.steps import open_cases


def test_migrations_give_the_tables(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = schema_state(database)
    assert before.is_newest
    assert migrate(database) == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE log SET actor = 'lain'", "DELETE FROM log", "UPDATE evidence SET kind = 'x'"],
)
def test_the_database_itself_refuses_to_change_what_is_sealed(
    runtime: Runtime, statement: str
) -> None:
    open_cases(runtime, make_post())
    with (
        pytest.raises(DBAPIError, match="append-only"),
        runtime.database.write() as connection,
    ):
        connection.execute(text(statement))
