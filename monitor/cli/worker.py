"""`netra worker`: collects and scores without serving."""

import signal
import threading

import click

from monitor import log
from monitor.runtime import open_runtime
from monitor.settings import load_settings
from monitor.worker.schedule import Worker


@click.command("worker")
def command() -> None:
    """Jalankan pengumpul dan penilai saja (API di proses atau mesin lain)."""
    settings = load_settings()
    log.configure(settings.log_level)
    worker = Worker(open_runtime(settings))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    click.echo("Pekerja Netra berjalan; hentikan dengan Ctrl-C.", err=True)
    stop.wait()
    worker.stop()
