"""`netra gazetteer list|check|add|find`: the names looked for in posts, added without a deploy."""

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from models.errors import PostError
from models.post import parse_post
from monitor.cli.console import print_json
from monitor.errors import InputError
from monitor.reference.gazetteer import Catalogue, catalogue_with, installed_catalogue
from monitor.reference.gazetteer_files import SUFFIXES, Problem
from monitor.reference.gazetteer_folder import folder_files
from monitor.settings import load_settings
from monitor.storage.engine import make_folder

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("gazetteer")
def command() -> None:
    """Daftar nama: partai, pasangan, nomor urut, julukan, tagar."""


@command.command("list")
def list_command() -> int:
    """Daftar berkas nama yang dipakai dan versinya."""
    folder = load_settings().gazetteer_dir
    catalogue = installed_catalogue(folder)
    own = {id(file) for file in folder_files(folder)}
    for file in catalogue.files:
        broken = [p for p in catalogue.problems if p.file == file.name]
        print_json(
            {
                "file": file.name,
                "from": "instalasi" if id(file) in own else "bawaan",
                "entries": len(file.entries) + len(file.contests),
                "examples": len(file.examples),
                "problems": len(broken),
            }
        )
    _show(catalogue.problems)
    print_json({**_summary(catalogue, catalogue.problems), "folder": str(folder)})
    return 1 if catalogue.problems else 0


@command.command("check")
@click.argument("path", metavar="[BERKAS]", required=False, type=_FILE)
def check(path: Path | None) -> int:
    """Periksa semua berkas, atau satu BERKAS sebelum ditambahkan, beserta contohnya."""
    folder = load_settings().gazetteer_dir
    if path is None:
        catalogue = installed_catalogue(folder)
        problems = [*catalogue.problems, *catalogue.failed_examples()]
    else:
        catalogue, problems = catalogue_with(_known(path), folder)
    _show(problems)
    print_json(_summary(catalogue, problems))
    return 1 if problems else 0


@command.command("add")
@click.argument("path", metavar="BERKAS", type=_FILE)
@click.option("--replace", is_flag=True, help="Ganti berkas bernama sama yang sudah terpasang.")
@click.option("--force", is_flag=True, help="Tambahkan walau ada yang rusak; yang rusak dilewati.")
def add(path: Path, replace: bool, force: bool) -> int:
    """Periksa lalu tambahkan BERKAS (TOML atau CSV); layanan langsung memakainya."""
    settings = load_settings()
    folder = settings.gazetteer_dir
    catalogue, problems = catalogue_with(_known(path), folder)
    _show(problems)
    if problems and not force:
        raise InputError(
            f"{path.name} tidak ditambahkan: {len(problems)} hal di atas harus diperbaiki dahulu,"
            " atau pakai --force untuk melewati entri yang rusak."
        )
    if (folder / path.name).exists() and not replace:
        raise InputError(f"{path.name} sudah terpasang; pakai --replace untuk menggantinya.")
    make_folder(settings.data_dir)
    make_folder(folder)
    _install(path, folder)
    print_json(_summary(catalogue, problems))
    return 1 if problems else 0


@command.command("find")
@click.argument("text", metavar="TEKS")
@click.option("--region", default="", metavar="KODE", help="Kode wilayah unggahan, misalnya 33.14.")
@click.option("--location", default="", metavar="LOKASI", help="Lokasi di profil penulis.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Tanggal unggahan.")
def find(text: str, region: str, location: str, day: datetime | None) -> None:
    """Tunjukkan siapa yang disebut TEKS, satu per baris."""
    item = {
        "id": "teks",
        "platform": "other",
        "text": text,
        "region": region,
        "author": {"location": location},
        "posted_at": f"{day:%Y-%m-%d}T12:00:00+00:00" if day else None,
    }
    try:
        post = parse_post(item)
    except PostError as error:
        raise InputError(str(error)) from error
    for mention in installed_catalogue(load_settings().gazetteer_dir).gazetteer.mentions(post):
        print_json(
            {
                "target": mention.written,
                "means": mention.name,
                "contest": mention.contest,
                "start": mention.start,
                "end": mention.end,
            }
        )


def _known(path: Path) -> Path:
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name}: berkas harus berakhiran {' atau '.join(SUFFIXES)}.")
    return path


def _install(path: Path, folder: Path) -> None:
    """Put the file in place whole: a running service may read the folder at any moment."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".baru", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(path.read_bytes())
        os.replace(temporary, folder / path.name)
    except OSError as error:
        raise InputError(
            f"{path.name} tidak dapat disalin ke {folder} ({error.strerror or error});"
            " periksa izin folder itu."
        ) from error


def _show(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _summary(catalogue: Catalogue, problems: Iterable[Problem]) -> dict[str, object]:
    return {
        "version": catalogue.version,
        "entries": len(catalogue.gazetteer.participants),
        "examples": len(catalogue.examples),
        "problems": len(list(problems)),
    }
