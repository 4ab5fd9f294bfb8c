"""`netra model list|verify|card`."""

from pathlib import Path

import click

from models import registry
from models.errors import ModelError
from monitor.cli.console import print_json
from monitor.settings import load_settings


def _root() -> Path | None:
    return load_settings().model_root


@click.group("model")
def command() -> None:
    """Model penilai: daftar, keutuhan, dan kartunya."""


@command.command("list")
def list_command() -> None:
    """Daftar artefak model yang terpasang."""
    for artifact in registry.list_artifacts(_root()):
        print_json(
            {
                "model": f"{artifact.name}@{artifact.version}",
                "active": artifact.active,
                "description": artifact.description,
                "bytes": artifact.size,
                "created": artifact.created,
            }
        )


@command.command("verify")
@click.argument("name_at_version", required=False)
def verify(name_at_version: str | None) -> int:
    """Cocokkan setiap berkas dengan manifes; tanpa nama: semua model."""
    names = (
        [name_at_version]
        if name_at_version
        else [f"{a.name}@{a.version}" for a in registry.list_artifacts(_root())]
    )
    broken = 0
    for name in names:
        try:
            registry.verify(name, _root())
            click.echo(f"{name}: utuh")
        except ModelError as error:
            broken += 1
            click.echo(f"{name}: TIDAK UTUH ({error})", err=True)
    return 1 if broken else 0


@command.command("card")
@click.argument("name_at_version", required=False)
def card(name_at_version: str | None) -> None:
    """Cetak kartu model."""
    click.echo(registry.artifact_card(name_at_version or registry.active_version(_root()), _root()))
