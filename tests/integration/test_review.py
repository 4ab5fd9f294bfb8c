"""Decisions: one wins, the other is told; undo, leases and the second pair of eyes."""

import threading

import pytest

from monitor.access.first_admin import ensure_first_admin
from monitor.alerts.outbox import publish_due
from monitor.domain import Actor, Case, CaseStatus, DecisionKind, Role
from monitor.errors import (
    ConflictError,
    InputError,
    LeaseConflict,
    NetraError,
    PermissionDenied,
    TooManyLeases,
    UndoExpired,
    VersionConflict,
)
from monitor.review import decisions, queues
from monitor.review.legal import read_acts
from monitor.runtime import Runtime
from tests.builders import make_post
from tests.clock import moved_on
from tests.steps import add_reviewer, open_cases, opinion


def decide(
    runtime: Runtime,
    actor: Actor,
    case: Case,
    kind: DecisionKind = DecisionKind.CONFIRM,
    note: str = "",
) -> int:
    with runtime.database.write() as connection:
        return decisions.decide(connection, actor, case.id, opinion(case, kind, note)).id


def read(runtime: Runtime, case_id: int) -> Case:
    with runtime.database.read() as connection:
        return queues.get_case(connection, case_id)


def test_the_second_decision_is_told_of_the_first(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    decide(runtime, ani, case)
    with pytest.raises(VersionConflict) as caught:
        decide(runtime, budi, case, DecisionKind.DISMISS, "berita")
    assert caught.value.extra["current"]["reviewer"] == "ani"
    assert caught.value.extra["current"]["decision"] == "confirm"
    assert caught.value.extra["yours"]["decision"] == "dismiss"
    assert read(runtime, case.id).status is CaseStatus.CONFIRMED


def test_of_many_at_once_exactly_one_decides(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    reviewers = [add_reviewer(runtime, f"orang{n}") for n in range(8)]
    won: list[int] = []
    lost: list[NetraError] = []

    def run(actor: Actor) -> None:
        try:
            won.append(decide(runtime, actor, case))
        except VersionConflict as error:
            lost.append(error)

    threads = [threading.Thread(target=run, args=(actor,)) for actor in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)


def test_dismissing_needs_a_reason(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    with pytest.raises(InputError):
        decide(runtime, ani, case, DecisionKind.DISMISS, "  ")
    decide(runtime, ani, case, DecisionKind.DISMISS, "Bukan ASN")
    assert read(runtime, case.id).status is CaseStatus.DISMISSED


def test_undo_gives_the_case_back_within_ten_seconds(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    decision_id = decide(runtime, ani, case)
    with pytest.raises(PermissionDenied), runtime.database.write() as connection:
        decisions.undo(connection, budi, case.id, decision_id)
    with moved_on(seconds=9), runtime.database.write() as connection:
        restored = decisions.undo(connection, ani, case.id, decision_id)
    assert restored.status is CaseStatus.NEW
    assert restored.decisions[0].undone_at is not None
    with pytest.raises(ConflictError), runtime.database.write() as connection:
        decisions.undo(connection, ani, case.id, decision_id)


def test_undo_is_refused_after_ten_seconds(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    decision_id = decide(runtime, ani, case)
    with (
        moved_on(seconds=11),
        pytest.raises(UndoExpired),
        runtime.database.write() as connection,
    ):
        decisions.undo(connection, ani, case.id, decision_id)
    assert read(runtime, case.id).status is CaseStatus.CONFIRMED


def test_each_claim_hands_out_another_case_until_none_is_left(runtime: Runtime) -> None:
    open_cases(runtime, make_post(), make_post(), make_post())
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    handed: list[int] = []
    for actor in (ani, budi, ani):
        with runtime.database.write() as connection:
            case = queues.claim_next(connection, actor)
        assert case is not None
        assert case.status is CaseStatus.LEASED
        handed.append(case.id)
    assert len(set(handed)) == 3
    with runtime.database.write() as connection:
        assert queues.claim_next(connection, budi) is None
    with moved_on(minutes=16), runtime.database.write() as connection:
        again = queues.claim_next(connection, budi)
    assert again is not None


def test_a_reviewer_holds_at_most_ten(runtime: Runtime) -> None:
    open_cases(runtime, *(make_post() for _ in range(11)))
    ani = add_reviewer(runtime, "ani")
    for _ in range(10):
        with runtime.database.write() as connection:
            queues.claim_next(connection, ani)
    with pytest.raises(TooManyLeases), runtime.database.write() as connection:
        queues.claim_next(connection, ani)


def test_a_leased_case_is_decided_by_its_holder_only(runtime: Runtime) -> None:
    open_cases(runtime, make_post())
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    with runtime.database.write() as connection:
        case = queues.claim_next(connection, ani)
    assert case is not None
    with pytest.raises(LeaseConflict):
        decide(runtime, budi, case)
    with runtime.database.write() as connection:
        queues.release_lease(connection, ani, case.id)
    decide(runtime, budi, read(runtime, case.id))


def test_approval_is_by_another_person_and_never_by_a_key(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani, budi = add_reviewer(runtime, "ani"), add_reviewer(runtime, "budi")
    auditor = add_reviewer(runtime, "cici", Role.AUDITOR)
    decide(runtime, ani, case)
    version = read(runtime, case.id).version
    through_key = Actor(name="budi", user=budi.user, via_key=True)
    for actor in (ani, auditor, through_key):
        with pytest.raises(PermissionDenied), runtime.database.write() as connection:
            decisions.approve(connection, actor, case.id, version=version, note="")
    with pytest.raises(VersionConflict), runtime.database.write() as connection:
        decisions.approve(connection, budi, case.id, version=version - 1, note="")
    with runtime.database.write() as connection:
        approved = decisions.approve(connection, budi, case.id, version=version, note="setuju")
    assert approved.status is CaseStatus.APPROVED
    assert approved.approvals[0].approver == "budi"


def test_an_auditor_only_looks(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    auditor = add_reviewer(runtime, "cici", Role.AUDITOR)
    with pytest.raises(PermissionDenied):
        decide(runtime, auditor, case)


def test_claims_at_the_same_moment_keep_the_limit_and_share_nothing(runtime: Runtime) -> None:
    open_cases(runtime, *(make_post() for _ in range(14)))
    ani = add_reviewer(runtime, "ani")
    handed: list[int] = []
    refused: list[TooManyLeases] = []

    def run() -> None:
        for _ in range(4):
            try:
                with runtime.database.write() as connection:
                    case = queues.claim_next(connection, ani)
                assert case is not None
                handed.append(case.id)
            except TooManyLeases as error:
                refused.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(handed), len(set(handed)), len(refused)) == (10, 10, 6)


def test_a_lease_that_ran_out_cannot_be_renewed(runtime: Runtime) -> None:
    open_cases(runtime, make_post())
    ani = add_reviewer(runtime, "ani")
    with runtime.database.write() as connection:
        case = queues.claim_next(connection, ani)
    assert case is not None
    with (
        moved_on(minutes=16),
        pytest.raises(LeaseConflict),
        runtime.database.write() as connection,
    ):
        queues.renew_lease(connection, ani, case.id)


def test_what_has_left_cannot_be_undone(runtime: Runtime) -> None:
    case = open_cases(runtime, make_post())[0]
    ani = add_reviewer(runtime, "ani")
    decision_id = decide(runtime, ani, case)
    with moved_on(seconds=11), runtime.database.write() as connection:
        publish_due(connection)
    with pytest.raises(UndoExpired), runtime.database.write() as connection:
        decisions.undo(connection, ani, case.id, decision_id)


def test_the_stage_is_read_on_the_day_of_the_region(runtime: Runtime) -> None:
    early = make_post(posted_at="2024-09-22T05:30:00+07:00")
    late = make_post(posted_at="2024-09-21T23:59:00+07:00")
    codes = {case.post["id"]: read_acts(case)[0] for case in open_cases(runtime, early, late)}
    assert codes[early["id"]].stage == "Pilkada 2024, setelah penetapan, sebelum kampanye"
    assert codes[late["id"]].stage == "Pilkada 2024, sebelum penetapan calon"


def test_two_first_starts_make_one_administrator(runtime: Runtime) -> None:
    made: list[str] = []

    def run() -> None:
        with runtime.database.write() as connection:
            made.append(ensure_first_admin(connection, ""))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([password for password in made if password]) == 1
