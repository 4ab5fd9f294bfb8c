"""The log and the seals: every kind of tampering is found and located."""

import hashlib
from dataclasses import replace

import orjson
import pytest
from sqlalchemy import text

from monitor.cli.console import OPERATOR
from monitor.evidence import custody
from monitor.pipeline.collect import collect_next_due
from monitor.pipeline.sources import offer_sample, remove_source
from monitor.review.queues import get_case
from monitor.runtime import Runtime
from monitor.storage.log import find_entry
from tests.builders import make_post
from tests.steps import open_cases, queue, score_all


def verify(runtime: Runtime) -> custody.Verification:
    with runtime.database.read() as connection:
        return custody.verify(connection)


def tamper(runtime: Runtime, statement: str) -> None:
    """Change rows as somebody with full rights on the database would: triggers off first."""
    with runtime.database.write() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("log_no_update", "log_no_delete", "evidence_no_update"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("log", "evidence"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def test_a_case_is_sealed_in_the_transaction_that_flags_it(runtime: Runtime) -> None:
    post = make_post(extra={"kept": ["as", "received"]})
    case = open_cases(runtime, post)[0]
    with runtime.database.read() as connection:
        evidence = get_case(connection, case.id).evidence
    assert len(evidence) == 1
    assert orjson.loads(evidence[0].content) == post
    assert hashlib.sha256(evidence[0].content.encode()).hexdigest() == evidence[0].sha256
    assert verify(runtime).faults == ()
    assert verify(runtime).seals == 1


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE log SET actor = 'orang lain' WHERE seq = 2", "log 2"),
        ("UPDATE log SET details = '{}' WHERE seq = 1", "log 1"),
        ("DELETE FROM log WHERE seq = 1", "log 2"),
        ("UPDATE log SET seq = 99 WHERE seq = 2", "log 99"),
        ("UPDATE evidence SET content = '{}' WHERE id = 1", "bukti 1"),
        ("UPDATE evidence SET content = '{}', sha256 = '0' WHERE id = 1", "bukti 1"),
        ("DELETE FROM evidence WHERE id = 1", "case:K-000001"),
    ],
)
def test_tampering_is_found_and_located(runtime: Runtime, statement: str, place: str) -> None:
    open_cases(runtime, make_post(), make_post(), make_post())
    assert verify(runtime).faults == ()
    tamper(runtime, statement)
    faults = verify(runtime).faults
    assert any(fault.place.startswith(place) for fault in faults), faults


def test_a_rewritten_row_with_a_fresh_hash_breaks_the_chain(runtime: Runtime) -> None:
    open_cases(runtime, make_post(), make_post())
    with runtime.database.read() as connection:
        entry = find_entry(connection, 1)
    assert entry is not None
    forged = custody.entry_hash(replace(entry, actor="orang lain"))
    tamper(runtime, f"UPDATE log SET actor = 'orang lain', hash = '{forged}' WHERE seq = 1")
    assert [fault.place for fault in verify(runtime).faults] == ["log 2"]


def test_removing_the_sample_leaves_a_log_that_verifies(runtime: Runtime) -> None:
    with runtime.database.write() as connection:
        assert offer_sample(connection)
    assert collect_next_due(runtime.database, runtime.key) is not None
    assert score_all(runtime) > 0
    assert all(case.sample for case in queue(runtime))
    with runtime.database.write() as connection:
        remove_source(connection, "contoh", with_posts=True, by=OPERATOR)
    assert queue(runtime) == []
    assert verify(runtime).faults == ()
