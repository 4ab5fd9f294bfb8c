"""`netra import`: takes a file of posts in and scores them; ends with one JSON line."""

from itertools import islice
from pathlib import Path

import click

from monitor.cli.console import open_installation, print_json, progress
from monitor.clock import monotonic
from monitor.errors import InputError, NotFoundError
from monitor.files.items import Item
from monitor.files.readers import read_items
from monitor.pipeline.classify import new_claim, score_claimed, score_waiting
from monitor.pipeline.ingest import ItemOutcome, ItemStatus, ingest
from monitor.runtime import Runtime
from monitor.storage import sources
from monitor.storage.posts import backlog, release_claims

BATCH = 500


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", metavar="NAMA", help="Catat sebagai unggahan sumber ini.")
@click.option("--later", is_flag=True, help="Simpan saja; pekerja menilai kemudian.")
def command(file: Path, source: str | None, later: bool) -> int:
    """Masukkan unggahan dari FILE (.jsonl, .csv, .xlsx)."""
    runtime = open_installation()
    started = monotonic()
    totals = dict.fromkeys(
        ("read", "new", "duplicate", "passed_gate", "flagged", "refused", "unscored"), 0
    )
    source_id = _source_id(runtime, source)
    items = read_items(file)
    try:
        with progress(f"Memasukkan {file.name}", None) as bar:
            while batch := list(islice(items, BATCH)):
                _take_in(runtime, batch, source_id, later, totals)
                if bar:
                    bar.update(bar.task_ids[0], advance=len(batch))
    except KeyboardInterrupt:
        click.echo(
            f"Dihentikan; {totals['new']} unggahan sudah masuk. Jalankan perintah yang sama untuk"
            " melanjutkan: yang sudah masuk tidak terhitung dua kali.",
            err=True,
        )
        raise
    if not later:
        _score_left_behind(runtime)
        _tell_waiting(runtime)
    print_json({**totals, "seconds": round(monotonic() - started, 3)})
    return 1 if totals["refused"] else 0


def _score_left_behind(runtime: Runtime) -> None:
    """Score what an interrupted import took in; its posts are duplicates to this one."""
    while score_waiting(runtime.database, runtime.classifier, runtime.key).scored:
        pass


def _tell_waiting(runtime: Runtime) -> None:
    with runtime.database.read() as connection:
        waiting = backlog(connection).pending
    if waiting:
        why = runtime.classifier.error or "sedang dipegang proses lain"
        click.echo(
            f"{waiting} unggahan belum dinilai ({why}). Pekerja (`netra run` atau `netra worker`)"
            " menilainya; tanpa pekerja, ulangi perintah ini semenit lagi.",
            err=True,
        )


def _take_in(
    runtime: Runtime, batch: list[Item], source_id: int | None, later: bool, totals: dict[str, int]
) -> None:
    readable = [item for item in batch if not item.error]
    claim = None if later else new_claim()
    with runtime.database.write() as connection:
        outcome = ingest(
            connection,
            [item.value for item in readable],
            key=runtime.key,
            source_id=source_id,
            claim=claim,
        )
    _name_refused(batch, readable, outcome.items)
    totals["read"] += len(batch)
    totals["new"] += outcome.new
    totals["duplicate"] += outcome.duplicate
    totals["passed_gate"] += outcome.passed_gate
    totals["refused"] += outcome.refused + len(batch) - len(readable)
    scored = flagged = 0
    if claim and outcome.passed_gate:
        try:
            result = score_claimed(runtime.database, runtime.classifier, runtime.key, claim.token)
        except BaseException:
            # Stopped in the middle: nobody need wait for a claim that no one holds.
            with runtime.database.write() as connection:
                release_claims(connection, claim.token)
            raise
        scored, flagged = result.scored, result.flagged
    totals["flagged"] += flagged
    totals["unscored"] += outcome.passed_gate - scored


def _name_refused(batch: list[Item], readable: list[Item], outcomes: list[ItemOutcome]) -> None:
    reasons = [(item.line, item.error) for item in batch if item.error]
    for item, outcome in zip(readable, outcomes, strict=True):
        if outcome.status is ItemStatus.REFUSED:
            place = f"{outcome.field}: " if outcome.field else ""
            reasons.append((item.line, place + outcome.reason))
    for line, reason in sorted(reasons):
        click.echo(f"line {line}: {reason}", err=True)


def _source_id(runtime: Runtime, name: str | None) -> int | None:
    if name is None:
        return None
    with runtime.database.read() as connection:
        source = sources.find_source(connection, name)
    if source is None:
        raise NotFoundError(f"Sumber {name!r} tidak ada; lihat `netra sources list`.")
    if source.sample:
        raise InputError(
            "Unggahan nyata tidak dapat dicatat sebagai contoh: ia akan hilang bersama contoh."
        )
    return source.id
