"""`netra cases list|show`: a look at the queue from the command line."""

import click

from monitor.cli.console import open_installation, print_json
from monitor.domain import Case, CaseStatus, case_label, parse_case_label
from monitor.errors import InputError
from monitor.review.queues import get_case
from monitor.storage.cases import CaseFilter, list_cases


@click.group("cases")
def command() -> None:
    """Lihat kasus."""


@command.command("list")
@click.option("--status", type=click.Choice([status.value for status in CaseStatus]), multiple=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def list_command(status: tuple[str, ...], limit: int) -> None:
    """Daftar kasus menurut risiko, satu objek JSON per baris."""
    runtime = open_installation()
    wanted = CaseFilter(statuses=[CaseStatus(name) for name in status])
    with runtime.database.read() as connection:
        found = list_cases(connection, wanted, after=None, limit=limit)
    for case in found:
        print_json(_summary(case))


@command.command("show")
@click.argument("case")
def show(case: str) -> None:
    """Tampilkan satu kasus beserta bukti dan keputusannya."""
    case_id = parse_case_label(case)
    if case_id is None:
        raise InputError(f"{case!r} bukan nomor kasus; contoh: K-000042.")
    runtime = open_installation()
    with runtime.database.read() as connection:
        found = get_case(connection, case_id)
    print_json(
        {
            **_summary(found),
            "post": dict(found.post),
            "prediction": dict(found.prediction),
            "evidence": [
                {"kind": e.kind, "sha256": e.sha256, "sealed_at": e.sealed_at, "log": e.log_seq}
                for e in found.evidence
            ],
            "decisions": [
                {
                    "decision": d.decision,
                    "reviewer": d.reviewer,
                    "at": d.decided_at,
                    "note": d.note,
                    "undone": d.undone_at is not None,
                }
                for d in found.decisions
            ],
        }
    )


def _summary(case: Case) -> dict[str, object]:
    return {
        "id": case_label(case.id),
        "version": case.version,
        "status": case.status,
        "risk": case.risk,
        "region": case.region,
        "act": case.act,
        "sample": case.sample,
    }
