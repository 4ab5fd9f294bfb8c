"""`netra db migrate|check`."""

import click

from monitor.cli.console import print_json
from monitor.settings import load_settings
from monitor.storage.migrate import migrate, schema_state
from monitor.storage.unit_of_work import Database


@click.group("db")
def command() -> None:
    """Basis data: migrasi dan pemeriksaan skema."""


@command.command("migrate")
def migrate_command() -> None:
    """Bawa skema ke versi terbaru."""
    state = migrate(Database(load_settings().url))
    print_json({"current": state.current, "newest": state.newest})


@command.command("check")
def check() -> int:
    """Kode keluar 1 bila skema belum versi terbaru."""
    state = schema_state(Database(load_settings().url))
    print_json({"current": state.current, "newest": state.newest, "ok": state.is_newest})
    return 0 if state.is_newest else 1
