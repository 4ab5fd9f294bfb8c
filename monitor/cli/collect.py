"""`netra collect NAME`: runs one source once, scores what it brought, ends with one JSON line."""

import click

from monitor.cli.console import open_installation, print_json
from monitor.errors import ConflictError
from monitor.pipeline.classify import score_waiting
from monitor.pipeline.collect import collect_source
from monitor.pipeline.sources import get_source


@click.command("collect")
@click.argument("name")
def command(name: str) -> int:
    """Jalankan satu sumber sekali."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        source = get_source(connection, name)
    outcome = collect_source(runtime.database, runtime.key, source)
    if outcome is None:
        raise ConflictError(f"Sumber {name!r} sedang dijalankan proses lain; coba sebentar lagi.")
    flagged = 0
    while True:
        scored = score_waiting(
            runtime.database, runtime.classifier, runtime.key, source_id=source.id
        )
        flagged += scored.flagged
        if not scored.scored:
            break
    if outcome.error:
        click.echo(f"Sumber {name}: {outcome.error}", err=True)
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
    return 1 if outcome.failed or outcome.error else 0
