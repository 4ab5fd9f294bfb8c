"""`netra retention run`."""

import click

from monitor.cli.console import open_installation, print_json
from monitor.pipeline.retention import run_retention


@click.group("retention")
def command() -> None:
    """Masa simpan."""


@command.command("run")
def run() -> None:
    """Hapus yang sudah lewat masa simpannya sekarang juga."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        outcome = run_retention(connection, runtime.key)
    print_json({"posts": outcome.posts, "marks": outcome.marks, "contacts": outcome.contacts})
