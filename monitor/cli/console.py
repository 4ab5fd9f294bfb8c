"""What commands share: opening the installation, progress on a terminal, a JSON line at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from monitor import log
from monitor.domain import Actor
from monitor.runtime import Runtime, open_runtime
from monitor.settings import load_settings

# Deeds at the command line are done by whoever has the machine; the log says so.
OPERATOR = Actor(name="operator-cli")


def open_installation(*, quiet: bool = True) -> Runtime:
    settings = load_settings()
    log.configure("WARNING" if quiet else settings.log_level)
    return open_runtime(settings)


def print_json(value: Any) -> None:
    click.echo(orjson.dumps(value, default=str))


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Progress | None]:
    """Show a bar on a terminal and nothing when piped; yields None when nothing is shown."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn() if total else MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        bar.add_task(what, total=total)
        yield bar
