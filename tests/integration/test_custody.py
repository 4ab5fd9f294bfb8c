"""The log and the seals: every kind of tampering is found and located."""

import hashlib
import threading
from dataclasses import replace

import orjson
import pytest
from sqlalchemy import text

from monitor.cli.console import OPERATOR
from monitor.evidence import custody, verification
from monitor.pipeline.sources import offer_sample, remove_source
from monitor.review import decisions
from monitor.review.queues import get_case
from monitor.runtime import Runtime
from monitor.storage.log import find_entry
from tests.builders import make_post
from tests.source_steps import run_due
from tests.steps import add_reviewer, open_cases, opinion, queue, score_all, take_in


def verify(runtime: Runtime) -> verification.Verification:
    with runtime.database.snapshot() as connection:
        return verification.verify(connection)


def tamper(runtime: Runtime, statement: str) -> None:
    """Change rows as somebody with full rights on the database would: triggers off first."""
    with runtime.database.write() as connection:
        if connection.dialect.name == "sqlite":
            triggers = ("log_no_update", "log_no_delete", "evidence_no_update", "posts_no_update")
            for name in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("log", "evidence", "posts"):
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
        ("UPDATE evidence SET case_id = 3 - case_id WHERE id < 3", "bukti 1"),
        ("UPDATE posts SET received = '{}' WHERE id = 2", "bukti 2"),
        ("UPDATE cases SET status = 'approved' WHERE id = 1", "case:K-000001"),
        ("UPDATE cases SET status = 'ngawur' WHERE id = 1", "case:K-000001"),
        ("UPDATE cases SET sample = NOT sample WHERE id = 3", "bukti 3"),
        ("UPDATE predictions SET body = '{}' WHERE post_id = 1", "bukti 1"),
        ("UPDATE log SET details = '[]' WHERE seq = 1", "log 1"),
        ("UPDATE log SET details = 'bukan json' WHERE seq = 1", "log 1"),
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
    assert run_due(runtime) is not None
    assert score_all(runtime) > 0
    assert all(case.sample for case in queue(runtime))
    with runtime.database.write() as connection:
        remove_source(connection, "contoh", with_posts=True, by=OPERATOR)
    assert queue(runtime) == []
    assert verify(runtime).faults == ()


def test_a_forged_decision_or_approval_is_found(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    with runtime.database.write() as connection:
        decisions.decide(connection, ani, case.id, opinion(case))
        version = get_case(connection, case.id).version
        decisions.approve(connection, budi, case.id, version=version, note="cukup")
    assert verify(runtime).faults == ()
    for statement, place in (
        (statement, f"{kind} 1 (case:K-000001)")
        for kind, statement in (
            ("keputusan", "UPDATE decisions SET note = 'lain'"),
            ("keputusan", "UPDATE decisions SET acts = 'bukan json'"),
            ("keputusan", "UPDATE decisions SET via_key = NOT via_key"),
            ("keputusan", "UPDATE decisions SET reviewer_id = 3 - reviewer_id"),
            ("persetujuan", "UPDATE approvals SET note = 'lain'"),
            ("persetujuan", "UPDATE approvals SET approver_id = 3 - approver_id"),
        )
    ):
        with runtime.database.engine.connect() as connection:
            connection.exec_driver_sql(statement)
            faults = verification.verify(connection).faults
            connection.rollback()
        assert [fault.place for fault in faults] == [place], statement


def test_an_undone_decision_verifies(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    with runtime.database.write() as connection:
        decision = decisions.decide(connection, ani, case.id, opinion(case))
    with runtime.database.write() as connection:
        decisions.undo(connection, ani, case.id, decision.id)
    assert verify(runtime).faults == ()


def test_a_real_case_never_takes_the_number_of_a_removed_sample(runtime: Runtime) -> None:
    with runtime.database.write() as connection:
        offer_sample(connection)
    run_due(runtime)
    samples = score_all(runtime)
    with runtime.database.write() as connection:
        remove_source(connection, "contoh", with_posts=True, by=OPERATOR)
    case = open_cases(runtime, make_post())[0]
    assert case.id > samples
    tamper(runtime, "DELETE FROM evidence")
    assert [fault.place for fault in verify(runtime).faults] == [f"case:K-{case.id:06d}"]


def test_verifying_while_cases_are_opened_raises_no_alarm(runtime: Runtime) -> None:
    take_in(runtime, *(make_post() for _ in range(60)))
    worker = threading.Thread(target=score_all, args=(runtime,))
    worker.start()
    found = [fault for _ in range(30) for fault in verify(runtime).faults]
    worker.join()
    assert found == []
    assert verify(runtime).seals == 60
