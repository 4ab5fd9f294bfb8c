"""`netra collect NAME`: runs one source once, scores what it brought, ends with one JSON line."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from monitor.cli.console import open_installation, print_json
from monitor.errors import ConflictError
from monitor.pipeline.classify import score_waiting
from monitor.pipeline.collect import CollectOutcome, collect_source
from monitor.pipeline.sources import get_source
from monitor.runtime import Runtime


@click.command("collect")
@click.argument("name")
def command(name: str) -> int:
    """Jalankan satu sumber sekali."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        source = get_source(connection, name)
    with _stopped_by_signal() as stop:
        outcome = collect_source(runtime.run_context, source, stop)
    if outcome is None:
        raise ConflictError(f"Sumber {name!r} sedang dijalankan proses lain; coba sebentar lagi.")
    flagged = _score(runtime, source.id)
    if outcome.error:
        click.echo(f"Sumber {name}: {outcome.error}", err=True)
    _tell(outcome, flagged)
    return 1 if outcome.failed or outcome.error else 0


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    """Yield what Ctrl-C and SIGTERM set: the page under way is still stored. A second one kills."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        stop.set()

    for number in before:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _score(runtime: Runtime, source_id: int) -> int:
    flagged = 0
    while True:
        scored = score_waiting(
            runtime.database, runtime.classifier, runtime.key, source_id=source_id
        )
        flagged += scored.flagged
        if not scored.scored:
            return flagged


def _tell(outcome: CollectOutcome, flagged: int) -> None:
    print_json(
        {
            "source": outcome.source,
            "got": outcome.got,
            "new": outcome.new,
            "passed_gate": outcome.passed_gate,
            "flagged": flagged,
            "failed": outcome.failed + bool(outcome.error),
        }
    )
