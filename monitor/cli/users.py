"""`netra users add|list|disable`."""

import secrets
import sys

import click

from monitor.access import people
from monitor.cli.console import OPERATOR, open_installation, print_json
from monitor.domain import Role
from monitor.storage import users

_ROLES = [role.value for role in Role if role is not Role.SERVICE]


@click.group("users")
def command() -> None:
    """Orang yang dapat masuk ke konsol."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), help="Bawaan: analyst.")
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari masukan baku.")
def add(name: str, role: str | None, password_stdin: bool) -> None:
    """Tambah pengguna. Tanpa --password-stdin kata sandi dibuat dan dicetak sekali."""
    made_up = "" if password_stdin else secrets.token_urlsafe(12)
    password = made_up or sys.stdin.readline().rstrip("\r\n")
    runtime = open_installation()
    with runtime.database.write() as connection:
        people.add_user(connection, name, Role(role or Role.ANALYST), password, by=OPERATOR)
    if made_up:
        click.echo(made_up)


@command.command("list")
def list_command() -> None:
    """Daftar pengguna."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        found = users.list_users(connection)
    for user in found:
        print_json({"name": user.name, "role": user.role, "disabled": user.disabled})


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Tutup akses pengguna; sesi dan kuncinya berhenti seketika."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        people.disable_user(connection, name, by=OPERATOR)
    click.echo(f"Akses {name} ditutup.", err=True)
