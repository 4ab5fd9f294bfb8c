"""`netra keys create|list|revoke`."""

import click

from monitor.access import keys
from monitor.cli.console import OPERATOR, open_installation, print_json
from monitor.storage import users


@click.group("keys")
def command() -> None:
    """Kunci API untuk sistem lain."""


@command.command("create")
@click.option("--name", required=True, help="Nama kunci, misalnya nama sistem pemakainya.")
@click.option("--scopes", required=True, help="Cakupan dipisah koma, misalnya posts:write.")
@click.option("--for", "reviewer", metavar="PENGGUNA", help="Kunci bertindak untuk orang ini.")
@click.option("--days", type=click.IntRange(1, 3650), help="Masa berlaku dalam hari.")
def create(name: str, scopes: str, reviewer: str | None, days: int | None) -> None:
    """Buat kunci dan cetak sekali; simpan sekarang, tidak dapat ditampilkan lagi."""
    wanted = keys.parse_scopes(scopes)
    runtime = open_installation()
    with runtime.database.write() as connection:
        key = keys.create_key(connection, name, wanted, reviewer=reviewer, days=days, by=OPERATOR)
    click.echo(key)


@command.command("list")
def list_command() -> None:
    """Daftar kunci tanpa isinya."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        found = users.list_api_keys(connection)
    for key in found:
        print_json(
            {
                "name": key.name,
                "prefix": key.prefix,
                "scopes": sorted(key.scopes),
                "reviewer": key.user.name,
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "last_used_at": key.last_used_at,
            }
        )


@command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Cabut kunci; berlaku seketika."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        keys.revoke_key(connection, name, by=OPERATOR)
    click.echo(f"Kunci {name} dicabut.", err=True)
