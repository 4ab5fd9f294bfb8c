"""`netra score`: posts as JSONL in, one prediction a line out, in the same order. Keeps nothing."""

import sys
from collections.abc import Iterator
from typing import IO

import click
import orjson

from models import registry
from models.errors import PostError
from models.post import Post, parse_post
from monitor.cli.console import progress
from monitor.errors import UnavailableError
from monitor.files.items import Item
from monitor.files.readers import read_jsonl
from monitor.pipeline.activation import effective_model
from monitor.pipeline.classifier import Classifier, open_classifier
from monitor.settings import Settings, load_settings

BATCH = 256


@click.command("score")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--model", "name_at_version", metavar="NAMA@VERSI", help="Model selain yang aktif.")
@click.option(
    "--all",
    "without_gate",
    is_flag=True,
    help="Matikan gerbang ASN, hanya untuk evaluasi data tanpa penulis.",
)
def command(file: IO[bytes], name_at_version: str | None, without_gate: bool) -> int:
    """Nilai unggahan JSONL dari FILE (atau masukan baku) tanpa menyimpannya."""
    settings = load_settings()
    reference = name_at_version or _model_in_use(settings)
    classifier = open_classifier(reference, settings.model_root)
    refused = 0
    with progress("Menilai", None) as bar:
        for batch in _batches(read_jsonl(file), without_gate):
            posts = [entry for entry in batch if isinstance(entry, Post)]
            refused += len(batch) - len(posts)
            _score(classifier, posts, gate=not without_gate)
            if bar:
                bar.update(bar.task_ids[0], advance=len(batch))
    return 1 if refused else 0


def _score(classifier: Classifier, posts: list[Post], *, gate: bool) -> None:
    out = sys.stdout.buffer
    for prediction in classifier.predict(posts, gate=gate):
        out.write(orjson.dumps(prediction.to_dict(), option=orjson.OPT_APPEND_NEWLINE))
    out.flush()


def _model_in_use(settings: Settings) -> str:
    """The operator's choice, or the shipped model where no database answers.

    Scoring keeps nothing and must work without one; every result names its model.
    """
    try:
        return effective_model(settings)
    except UnavailableError:
        return registry.active_version(settings.model_root)


def _batches(items: Iterator[Item], without_gate: bool) -> Iterator[list[Post | None]]:
    """Yield posts in order; None stands for a refused line, which has been named already."""
    batch: list[Post | None] = []
    for item in items:
        batch.append(_parse(item, without_gate))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _parse(item: Item, without_gate: bool) -> Post | None:
    try:
        if item.error:
            raise PostError("", item.error)
        post = parse_post(item.value)
        if without_gate and post.has_author:
            raise PostError("author", "--all hanya untuk data tanpa penulis; baris ini ditolak")
    except PostError as error:
        click.echo(f"line {item.line}: {error}", err=True)
        return None
    return post
