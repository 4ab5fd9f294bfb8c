"""`netra serve`: API and console only; workers run elsewhere on the same database."""

import click

from monitor import log
from monitor.cli.web import serve_app
from monitor.runtime import open_runtime
from monitor.settings import load_settings


@click.command("serve")
def command() -> None:
    """Jalankan API dan konsol saja (pekerja di proses atau mesin lain)."""
    settings = load_settings()
    log.configure(settings.log_level)
    serve_app(open_runtime(settings))
