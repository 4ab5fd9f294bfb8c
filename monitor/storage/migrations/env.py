"""Alembic's entry: runs on the connection that `monitor.storage.migrate` hands over."""

from alembic import context

from monitor.settings import load_settings
from monitor.storage.engine import make_engine
from monitor.storage.tables import metadata


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run_on(connection)
        return
    # Only the developer's `alembic revision` comes here without a connection.
    with make_engine(load_settings().url).connect() as own:
        _run_on(own)


def _run_on(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
