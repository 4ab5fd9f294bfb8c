"""`netra stats funnel`: counts without the sample source."""

import click

from monitor.cli.console import open_installation, print_json
from monitor.storage.counts import sum_counts


@click.group("stats")
def command() -> None:
    """Angka ringkas."""


@command.command("funnel")
def funnel() -> None:
    """Dari yang diterima sampai yang ditandai; sumber contoh tidak dihitung."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        print_json(sum_counts(connection))
