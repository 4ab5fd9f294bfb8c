"""`netra model list|verify|activate|rollback|card`."""

from pathlib import Path

import click

from models import registry
from models.errors import ArtifactNotFound, ModelError
from monitor.cli.console import OPERATOR, open_installation, print_json
from monitor.pipeline import activation
from monitor.pipeline.classifier import NOTICE_AFTER
from monitor.settings import Settings, load_settings

_NOTE = click.option("--note", default="", help="Alasan; ikut tercatat di log audit.")


def _root() -> Path | None:
    return load_settings().model_root


@click.group("model")
def command() -> None:
    """Model penilai: daftar, keutuhan, pilihan aktif, dan kartunya."""


@command.command("list")
def list_command() -> None:
    """Daftar artefak model yang terpasang; active dan previous menurut instalasi ini."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        choice = activation.find_choice(connection)
    active = _effective(runtime.settings, choice)
    previous = choice.previous if choice else None
    found = registry.list_artifacts(runtime.settings.model_root)
    for artifact in found:
        reference = f"{artifact.name}@{artifact.version}"
        print_json(
            {
                "model": reference,
                "active": reference == active,
                "previous": reference == previous,
                "shipped_active": artifact.active,
                "description": artifact.description,
                "bytes": artifact.size,
                "created": artifact.created,
            }
        )
    if active not in {f"{artifact.name}@{artifact.version}" for artifact in found}:
        click.echo(
            f"Model aktif {active or '(belum ada)'} tidak terpasang: unggahan menunggu sebagai"
            " belum dinilai. Pilih yang ada dengan `netra model activate NAMA@VERSI`.",
            err=True,
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
            registry.verify_pinned(name, _root())
            click.echo(f"{name}: utuh")
        except ModelError as error:
            broken += 1
            click.echo(f"{name}: TIDAK UTUH, {error.title} ({error})", err=True)
    return 1 if broken else 0


@command.command("activate")
@click.argument("name_at_version", metavar="NAMA@VERSI")
@_NOTE
def activate(name_at_version: str, note: str) -> None:
    """Jadikan model ini yang aktif, setelah setiap hash dicocokkan dan model terbukti termuat."""
    runtime = open_installation()
    settings = runtime.settings
    choice = activation.activate(
        runtime.database, name_at_version, settings.model_root, by=OPERATOR, note=note
    )
    if choice is None:
        click.echo(f"{name_at_version} sudah aktif; tidak ada yang berubah.", err=True)
        return
    _tell(choice, settings)


@command.command("rollback")
@_NOTE
def rollback(note: str) -> None:
    """Kembali ke model yang aktif sebelumnya."""
    runtime = open_installation()
    settings = runtime.settings
    _tell(
        activation.rollback(runtime.database, settings.model_root, by=OPERATOR, note=note),
        settings,
    )


@command.command("card")
@click.argument("name_at_version", required=False)
def card(name_at_version: str | None) -> None:
    """Cetak kartu model; tanpa nama: yang aktif."""
    settings = load_settings()
    reference = name_at_version or activation.effective_model(settings)
    click.echo(registry.artifact_card(reference, settings.model_root))


def _effective(settings: Settings, choice: activation.Choice | None) -> str:
    if settings.model or choice:
        return settings.model or (choice.model if choice else "")
    try:
        return registry.active_version(settings.model_root)
    except ArtifactNotFound:
        return ""


def _tell(choice: activation.Choice, settings: Settings) -> None:
    print_json({"active": choice.model, "previous": choice.previous, "log_seq": choice.seq})
    seconds = round(NOTICE_AFTER.total_seconds())
    click.echo(
        f"Model aktif sekarang {choice.model} (sebelumnya {choice.previous or 'tidak ada'})."
        f" Proses yang sedang berjalan beralih sendiri dalam {seconds} detik; kumpulan unggahan"
        " yang sedang dinilai diselesaikan dengan model lama.",
        err=True,
    )
    if settings.model:
        click.echo(
            f"Perhatian: NETRA_MODEL={settings.model} mendahului pilihan ini. Proses yang memakai"
            " setelan itu tetap pada modelnya sampai setelan dikosongkan dan proses dimulai ulang.",
            err=True,
        )
