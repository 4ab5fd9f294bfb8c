"""`netra run`: API, console, scheduler and worker in one process."""

import click

from monitor import log
from monitor.access.first_admin import ensure_first_admin
from monitor.cli.web import serve_app
from monitor.pipeline.sources import offer_sample
from monitor.runtime import open_runtime
from monitor.settings import load_settings
from monitor.worker.schedule import Worker


@click.command("run")
def command() -> None:
    """Jalankan semuanya di satu proses: API, konsol, penjadwal, dan pekerja."""
    settings = load_settings()
    log.configure(settings.log_level)
    runtime = open_runtime(settings)
    with runtime.database.write() as connection:
        password = ensure_first_admin(connection, settings.admin_password)
        offer_sample(connection)
    if password:
        click.echo(
            "Administrator pertama dibuat. Catat sekarang, tidak akan ditampilkan lagi:\n"
            f"  nama pengguna: admin\n  kata sandi:    {password}",
            err=True,
        )
    worker = Worker(runtime)
    serve_app(runtime, on_start=worker.start, on_stop=worker.stop)
