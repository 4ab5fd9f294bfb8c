"""The command table. Each command is imported when called, so that `netra score` starts quickly."""

import importlib
import os
import sys

import click

from models.errors import ModelError
from monitor.errors import NetraError

COMMANDS = {
    "audit": "audit",
    "bench": "bench",
    "cases": "cases",
    "collect": "collect",
    "db": "db",
    "doctor": "doctor",
    "gazetteer": "gazetteer",
    "import": "import_posts",
    "keys": "keys",
    "model": "model",
    "retention": "retention",
    "run": "run",
    "score": "score",
    "serve": "serve",
    "sources": "sources",
    "stats": "stats",
    "users": "users",
    "worker": "worker",
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"monitor.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netra", prog_name="netra")
def netra() -> None:
    """Netra: pemantau netralitas ASN.

    Kode keluar: 0 selesai, 1 selesai tetapi ada yang ditolak, 2 perintah atau pengaturan keliru.
    """


def main() -> None:
    """Entry point: every foreseen failure becomes one plain line and exit code 2."""
    try:
        code = netra.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Dihentikan.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of our output (`head`) has gone; nothing is wrong, nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except NetraError as error:
        click.echo(f"{error.title}. {error.detail}".strip(), err=True)
        code = 2
    except ModelError as error:
        click.echo(f"{error.title.capitalize()}. {error}", err=True)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)
