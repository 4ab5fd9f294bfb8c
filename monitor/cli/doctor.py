"""`netra doctor`: checks everything an installation rests on and says what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from models import registry
from models.errors import ModelError
from monitor.access.installation_key import load_installation_key
from monitor.errors import NetraError
from monitor.pipeline.activation import effective_model
from monitor.pipeline.classifier import open_classifier
from monitor.reference.gazetteer import installed_catalogue
from monitor.settings import Settings, load_settings
from monitor.storage.engine import make_folder
from monitor.storage.migrate import migrate
from monitor.storage.posts import backlog
from monitor.storage.unit_of_work import Database

_FREE_BYTES_WANTED = 1024**3


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    message: str


@click.command("doctor")
def command() -> int:
    """Periksa pengaturan, basis data, kunci, model, dan ruang simpan."""
    settings = load_settings()
    for name, value in settings.shown().items():
        click.echo(f"{name}={value}")
    failed = 0
    for check in _checks(settings):
        failed += not check.ok
        click.echo(f"[{'baik' if check.ok else 'GAGAL'}] {check.name}: {check.message}")
    return 1 if failed else 0


def _checks(settings: Settings) -> Iterator[Check]:
    steps: list[tuple[str, Callable[[Settings], str]]] = [
        ("ruang simpan", _disk),
        ("basis data", _database),
        ("kunci instalasi", _key),
        ("antrean penilaian", _backlog),
        ("daftar nama", _gazetteer),
        ("keutuhan model", _artifact),
        ("model", _model),
    ]
    for name, step in steps:
        try:
            yield Check(name, True, step(settings))
        except (NetraError, ModelError) as error:
            yield Check(name, False, getattr(error, "detail", "") or str(error))


def _disk(settings: Settings) -> str:
    make_folder(settings.data_dir)
    free = shutil.disk_usage(settings.data_dir).free
    if free < _FREE_BYTES_WANTED:
        raise NetraError(f"Sisa {free // 1024**2} MiB; sediakan paling sedikit 1 GiB.")
    return f"sisa {free // 1024**3} GiB di {settings.data_dir}"


def _database(settings: Settings) -> str:
    database = Database(settings.url)
    state = migrate(database)
    return f"{database.engine.dialect.name}, skema {state.current}"


def _key(settings: Settings) -> str:
    load_installation_key(settings, Database(settings.url))
    return "cocok dengan basis data"


def _gazetteer(settings: Settings) -> str:
    catalogue = installed_catalogue(settings.gazetteer_dir)
    if catalogue.problems:
        raise NetraError("; ".join(map(str, catalogue.problems)))
    return f"versi {catalogue.version}, {len(catalogue.gazetteer.participants)} entri"


def _backlog(settings: Settings) -> str:
    with Database(settings.url).read() as connection:
        waiting = backlog(connection)
    if waiting.failing:
        raise NetraError(f"{waiting.failing} unggahan gagal dinilai: {waiting.last_error}")
    return f"{waiting.pending} unggahan belum dinilai"


def _artifact(settings: Settings) -> str:
    name = effective_model(settings)
    registry.verify(name, settings.model_root)
    return f"{name} utuh"


def _model(settings: Settings) -> str:
    classifier = open_classifier(effective_model(settings), settings.model_root)
    return f"{classifier.model_version} siap menilai"
