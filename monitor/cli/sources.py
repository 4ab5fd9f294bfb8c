"""`netra sources list|add|pause|resume|remove`."""

import re

import click

from monitor.cli.console import OPERATOR, open_installation, print_json
from monitor.collectors import COLLECTORS
from monitor.errors import InputError
from monitor.pipeline import sources as pipeline
from monitor.storage import sources

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.group("sources")
def command() -> None:
    """Sumber unggahan."""


@command.command("list")
def list_command() -> None:
    """Daftar sumber."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        found = sources.list_sources(connection)
    for source in found:
        print_json(
            {
                "name": source.name,
                "kind": source.kind,
                "status": source.status,
                "sample": source.sample,
                "every_seconds": source.every_seconds,
                "last_run_at": source.last_run_at,
                "due_at": source.due_at,
                "last_error": source.last_error,
            }
        )


@command.command("add")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice(list(COLLECTORS)))
@click.option("--set", "options", multiple=True, metavar="KUNCI=NILAI")
@click.option("--every", default="", metavar="5m", help="Selang: 30s, 5m, 2h, 1d; kosong: sekali.")
def add(name: str, kind: str, options: tuple[str, ...], every: str) -> None:
    """Tambah sumber."""
    pairs = dict(_pair(option) for option in options)
    runtime = open_installation()
    with runtime.database.write() as connection:
        pipeline.add_source(
            connection, name, kind, options=pairs, every_seconds=_seconds(every), by=OPERATOR
        )
    click.echo(f"Sumber {name} ditambahkan.", err=True)


@command.command("pause")
@click.argument("name")
def pause(name: str) -> None:
    """Hentikan sementara."""
    _set_status(name, "paused")


@command.command("resume")
@click.argument("name")
def resume(name: str) -> None:
    """Jalankan lagi."""
    _set_status(name, "active")


@command.command("remove")
@click.argument("name")
@click.option("--with-posts", is_flag=True, help="Hapus juga unggahan dan kasus (hanya contoh).")
def remove(name: str, with_posts: bool) -> None:
    """Hapus sumber."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        count = pipeline.remove_source(connection, name, with_posts=with_posts, by=OPERATOR)
    click.echo(f"Sumber {name} dihapus bersama {count} unggahan.", err=True)


def _set_status(name: str, status: str) -> None:
    runtime = open_installation()
    with runtime.database.write() as connection:
        sources.set_status(connection, pipeline.get_source(connection, name).id, status)


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise InputError(f"--set {text!r} harus berbentuk KUNCI=NILAI.")
    return key, value


def _seconds(text: str) -> int:
    if not text:
        return 0
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if not match:
        raise InputError(f"--every {text!r} harus seperti 30s, 5m, 2h, atau 1d.")
    return int(match[1]) * _UNITS[match[2]]
