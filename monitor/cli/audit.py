"""`netra audit verify`: walks the whole log and every seal."""

import click

from monitor.cli.console import open_installation, print_json
from monitor.evidence import verification


@click.group("audit")
def command() -> None:
    """Periksa keutuhan catatan dan bukti."""


@command.command("verify")
def verify() -> int:
    """Telusuri rantai catatan dan semua segel; kode keluar 1 bila ada yang tidak utuh."""
    runtime = open_installation()
    with runtime.database.snapshot() as connection:
        result = verification.verify(connection)
    for fault in result.faults:
        click.echo(f"{fault.place}: {fault.reason}", err=True)
    print_json(
        {
            "intact": not result.faults,
            "entries": result.entries,
            "seals": result.seals,
            "last_hash": result.last_hash,
            "faults": len(result.faults),
        }
    )
    return 1 if result.faults else 0
