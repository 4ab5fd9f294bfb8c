"""Which model an installation uses: chosen by the operator, kept as rows of the append-only log.

The choice and its audit are one row, so that neither can be without the other: atomic, durable,
the same for every process on every host, and part of each backup (decision 9).
"""

import json
from dataclasses import dataclass
from pathlib import Path

from models import registry
from models.errors import ArtifactForeign, ArtifactNotFound, ModelError
from monitor.domain import Actor, LogEntry
from monitor.errors import ConflictError, ModelUnavailable, NotFoundError, UnavailableError
from monitor.evidence import custody
from monitor.pipeline.classifier import load_classifier
from monitor.settings import Settings
from monitor.storage import Connection, model_choices
from monitor.storage.unit_of_work import Database, lock_sequences

SUBJECT = "model:active"
ACTIVATED = "model.activated"
ROLLED_BACK = "model.rolled_back"
# How many earlier models a rollback can walk back through.
_REMEMBERED = 10
_UNCHANGED = "Model aktif tidak berubah."


@dataclass(frozen=True, slots=True)
class Choice:
    """The model chosen last; `earlier` are those before it, the newest first."""

    model: str
    earlier: tuple[str, ...]
    seq: int
    at: str
    actor: str

    @property
    def previous(self) -> str | None:
        return self.earlier[0] if self.earlier else None


def find_choice(connection: Connection) -> Choice | None:
    """Return the operator's choice, or None where nothing was ever chosen."""
    entry = model_choices.find_last_choice(connection, SUBJECT)
    return _choice(entry) if entry else None


def chosen_model(database: Database) -> str | None:
    with database.read() as connection:
        choice = find_choice(connection)
    return choice.model if choice else None


def effective_model(settings: Settings) -> str:
    """NAME@VERSION in use: NETRA_MODEL, else the operator's choice, else the one shipped as active.

    Reads the database only where there is one, and never creates it.
    """
    if settings.model:
        return settings.model
    return _recorded(settings) or registry.active_version(settings.model_root)


def activate(
    database: Database, reference: str, root: Path | None, *, by: Actor, note: str = ""
) -> Choice | None:
    """Make NAME@VERSION the active model; None when it already is. Refused unless it is whole,
    known to the registry and loads here."""
    digest = check(reference, root)
    with database.write() as connection:
        lock_sequences(connection)
        choice = find_choice(connection)
        if choice and choice.model == reference:
            return None
        before = [choice.model, *choice.earlier] if choice else _shipped(root)
        earlier = [model for model in before if model != reference][:_REMEMBERED]
        _record(connection, ACTIVATED, reference, earlier, digest, by=by, note=note)
        return find_choice(connection)


def rollback(database: Database, root: Path | None, *, by: Actor, note: str = "") -> Choice:
    """Go back to the model before; going back again walks one further."""
    with database.read() as connection:
        choice = find_choice(connection)
    if choice is None or choice.previous is None:
        raise ConflictError(
            f"Tidak ada model sebelumnya untuk dituju. {_UNCHANGED}"
            " Pilih sendiri dengan `netra model activate NAMA@VERSI`."
        )
    digest = check(choice.previous, root)
    with database.write() as connection:
        lock_sequences(connection)
        now = find_choice(connection)
        if now is None or now.seq != choice.seq:
            raise ConflictError(
                "Pilihan model baru saja diubah oleh proses lain. Lihat `netra model list`,"
                " lalu ulangi bila masih perlu."
            )
        earlier = list(choice.earlier[1:])
        _record(connection, ROLLED_BACK, choice.previous, earlier, digest, by=by, note=note)
        back = find_choice(connection)
    assert back is not None
    return back


def check(reference: str, root: Path | None) -> str:
    """Return the SHA-256 of the manifest once every file agrees with it and the model loads.

    Raises `NotFoundError` or `ModelUnavailable` that names the folder, the reason and the remedy.
    """
    base = root or registry.default_root()
    try:
        digest = registry.verify_pinned(reference, root)
        load_classifier(reference, root)
    except ArtifactNotFound as error:
        known = [f"{a.name}@{a.version}" for a in registry.list_artifacts(root)]
        raise NotFoundError(
            f"Model {reference!r} tidak terpasang di {base / registry.ARTIFACTS}. Yang terpasang:"
            f" {', '.join(known) or 'tidak ada'}. {_UNCHANGED}"
        ) from error
    except ArtifactForeign as error:
        raise ModelUnavailable(
            f"{reference} tidak tercatat di {base / registry.REGISTRY}: asalnya tidak dikenal."
            f" {_UNCHANGED} Pasang artefak bersama {registry.REGISTRY} dari rilis yang sama, atau"
            " tetapkan dengan `python -m training promote`."
        ) from error
    except ModelError as error:
        raise ModelUnavailable(
            f"{error.title.capitalize()} ({error}), di {base / registry.ARTIFACTS}. {_UNCHANGED}"
            f" Salin ulang folder itu dari rilisnya, lalu `netra model verify {reference}`."
        ) from error
    return digest


def _record(
    connection: Connection,
    action: str,
    reference: str,
    earlier: list[str],
    digest: str,
    *,
    by: Actor,
    note: str,
) -> None:
    details = {"model": reference, "earlier": earlier, "manifest_sha256": digest, "note": note}
    custody.record(connection, by, action, SUBJECT, details)


def _choice(entry: LogEntry) -> Choice:
    details = json.loads(entry.details)
    return Choice(details["model"], tuple(details["earlier"]), entry.seq, entry.at, entry.actor)


def _shipped(root: Path | None) -> list[str]:
    try:
        return [registry.active_version(root)]
    except ArtifactNotFound:
        return []


def _recorded(settings: Settings) -> str | None:
    if not model_choices.may_exist(settings.url):
        return None
    database = Database(settings.url)
    try:
        with database.read() as connection:
            if not model_choices.has_log(connection):
                return None
            choice = find_choice(connection)
    except UnavailableError as error:
        raise UnavailableError(
            "Pilihan model tidak terbaca karena basis data tidak dapat dihubungi. Coba lagi, atau"
            " sebut modelnya dengan NETRA_MODEL=NAMA@VERSI (untuk `netra score`: --model)."
        ) from error
    finally:
        database.dispose()
    return choice.model if choice else None
