"""`netra bench`: how fast this machine gates, scores and imports, on a file of one's own."""

import os
import platform
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median

import click

from models.errors import PostError
from models.post import Post, parse_post
from monitor.access.installation_key import load_installation_key
from monitor.cli.console import print_json
from monitor.clock import monotonic
from monitor.files.readers import read_items
from monitor.pipeline.classifier import ClassifierHolder
from monitor.pipeline.classify import new_claim, score_claimed
from monitor.pipeline.ingest import asn_gate, ingest
from monitor.settings import Settings
from monitor.storage.migrate import migrate
from monitor.storage.unit_of_work import Database

BATCH = 500


@click.command("bench")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repeat", type=click.IntRange(1, 20), default=3, show_default=True)
def command(file: Path, repeat: int) -> None:
    """Ukur kecepatan gerbang, penilaian, dan impor atas FILE; median dari beberapa kali."""
    posts = _posts(file)
    classifier = ClassifierHolder().get()
    passing = [post for post in posts if asn_gate().passes(post)]
    sample = posts[:2000]
    print_json(
        {
            "posts": len(posts),
            "passed_gate": len(passing),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "model_version": classifier.model_version,
            "gate_per_second": _rate(len(posts), repeat, lambda: _gate(posts)),
            "stance_per_second": _rate(
                len(sample), repeat, lambda: classifier.predict(sample, gate=False)
            ),
            "import_per_second": _rate(len(posts), repeat, lambda: _import(file)),
        }
    )


def _rate(count: int, repeat: int, run: Callable[[], object]) -> int:
    """Posts a second, the median of `repeat` runs: single runs on a shared machine mislead."""
    seconds = []
    for _ in range(repeat):
        started = monotonic()
        run()
        seconds.append(monotonic() - started)
    return round(count / median(seconds))


def _posts(file: Path) -> list[Post]:
    found = []
    for item in read_items(file):
        try:
            found.append(parse_post(item.value))
        except PostError:
            continue
    return found


def _gate(posts: list[Post]) -> int:
    return sum(asn_gate().passes(post) for post in posts)


def _import(file: Path) -> None:
    """The whole way of `netra import` into a fresh SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        database = Database(settings.url)
        migrate(database)
        key = load_installation_key(settings, database)
        holder = ClassifierHolder()
        items = read_items(file)
        while batch := [item.value for item in islice(items, BATCH) if not item.error]:
            claim = new_claim()
            with database.write() as connection:
                outcome = ingest(connection, batch, key=key, claim=claim)
            if outcome.passed_gate:
                score_claimed(database, holder, key, claim.token)
        database.dispose()
