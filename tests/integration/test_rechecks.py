"""Flagged posts are looked at again: edits, removals and returns become facts of the case."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.clock import utcnow
from monitor.collectors.trouble import PlatformDown
from monitor.domain import Case, Source
from monitor.evidence import custody
from monitor.evidence.verification import verify
from monitor.pipeline.ingest import ingest
from monitor.pipeline.rechecks import enrol_flagged, interval_after, recheck_next
from monitor.runtime import Runtime
from monitor.storage import rechecks, sources
from monitor.storage.cases import find_case
from tests.builders import make_post
from tests.steps import queue, score_all

KIND = "panggung"


class Stage:
    """A platform that shows what a test puts on it."""

    def __init__(self) -> None:
        self.posts: dict[str, Mapping[str, Any] | None] = {}
        self.down = False
        self.asked = 0

    def collect(self, source: Source, cursor: Mapping[str, Any]) -> Any:
        raise AssertionError("a recheck collects nothing")

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        self.asked += 1
        if self.down:
            raise PlatformDown("sedang tumbang")
        return self.posts[str(received["id"])]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def flagged(runtime: Runtime, stage: Stage) -> list[Case]:
    """Two flagged posts of one account at a source that can be asked again, and watched."""
    with runtime.database.write() as connection:
        source_id = sources.add_source(
            connection,
            name="panggung",
            kind=KIND,
            options={},
            every_seconds=300,
            sample=False,
            at=utcnow(),
            due_at=None,
        )
        items = [make_post(id=f"p{n}") for n in (1, 2)]
        ingest(connection, items, key=runtime.key, source_id=source_id)
    assert score_all(runtime) == 2
    stage.posts = {str(item["id"]): item for item in items}
    with runtime.database.write() as connection:
        assert enrol_flagged(connection, [KIND], utcnow()) == 2
        assert enrol_flagged(connection, [KIND], utcnow()) == 0
    return queue(runtime)


@pytest.fixture
def look(runtime: Runtime, stage: Stage, flagged: list[Case]) -> Callable[[timedelta], int]:
    """Look at everything that is due so long after now; return how often the platform was asked."""

    def run(later: timedelta) -> int:
        before = stage.asked
        while recheck_next(runtime.database, lambda source: stage, utcnow() + later):
            pass
        return stage.asked - before

    return run


def sighting(runtime: Runtime, case: Case) -> rechecks.Sighting:
    with runtime.database.read() as connection:
        found = rechecks.find_sighting(connection, case.id)
    assert found is not None
    return found


def actions(runtime: Runtime) -> list[str]:
    with runtime.database.read() as connection:
        return [e.action for e in custody.iter_entries(connection) if e.action[:5] == "post."]


def reread(runtime: Runtime, case: Case) -> Case:
    with runtime.database.read() as connection:
        found = find_case(connection, case.id)
    assert found is not None
    return found


def test_nothing_is_looked_at_before_its_time(look: Callable[[timedelta], int]) -> None:
    assert look(timedelta(minutes=59)) == 0
    assert look(timedelta(minutes=61)) == 2
    assert look(timedelta(minutes=62)) == 0


def test_what_is_still_there_is_seen_and_not_told(
    runtime: Runtime, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    look(timedelta(hours=2))
    seen = sighting(runtime, flagged[0])
    assert (seen.state, seen.looks, seen.first_missing_at) == ("present", 1, None)
    assert seen.last_seen_at is not None
    assert actions(runtime) == []


def test_a_removed_post_keeps_its_first_missing_time_and_hastens_its_account(
    runtime: Runtime, stage: Stage, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    look(timedelta(hours=2))
    gone, other = flagged
    stage.posts[str(gone.post["id"])] = None
    look(timedelta(hours=8))
    first = sighting(runtime, gone)
    assert first.state == "missing"
    assert first.first_missing_at is not None
    assert first.last_seen_at is not None
    assert first.last_seen_at < first.first_missing_at
    look(timedelta(days=2))
    assert sighting(runtime, gone).first_missing_at == first.first_missing_at
    assert actions(runtime) == ["post.missing"]
    for case in (gone, other):
        assert reread(runtime, case).priority > case.priority
        assert reread(runtime, case).version == case.version


def test_a_post_that_comes_back_is_restored(
    runtime: Runtime, stage: Stage, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    case = flagged[0]
    kept = stage.posts[str(case.post["id"])]
    stage.posts[str(case.post["id"])] = None
    look(timedelta(hours=2))
    stage.posts[str(case.post["id"])] = kept
    look(timedelta(hours=9))
    assert sighting(runtime, case).state == "restored"
    assert sighting(runtime, case).restored_at is not None
    assert actions(runtime) == ["post.missing", "post.restored"]


def test_an_edit_is_sealed_beside_what_was_flagged(
    runtime: Runtime, stage: Stage, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    case = flagged[0]
    edited = dict(case.post) | {"text": "selamat pagi semua"}
    stage.posts[str(case.post["id"])] = edited
    look(timedelta(hours=2))
    look(timedelta(hours=9))
    kinds = [item.kind for item in reread(runtime, case).evidence]
    assert kinds == ["post_as_received", "post_seen_later"]
    assert "selamat pagi semua" in reread(runtime, case).evidence[1].content
    assert reread(runtime, case).post["text"] == case.post["text"]
    assert actions(runtime) == ["post.edited"]
    with runtime.database.read() as connection:
        assert verify(connection).faults == ()


def test_counts_and_profiles_that_change_are_no_edit(
    runtime: Runtime, stage: Stage, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    case = flagged[0]
    stage.posts[str(case.post["id"])] = dict(case.post) | {"likes": 999, "author": {"handle": "x"}}
    look(timedelta(hours=2))
    assert sighting(runtime, case).state == "present"


def test_no_answer_is_never_taken_for_removed(
    runtime: Runtime, stage: Stage, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    stage.down = True
    assert look(timedelta(hours=2)) == 2
    assert {sighting(runtime, case).state for case in flagged} == {"unknown"}
    assert look(timedelta(hours=2, minutes=30)) == 0
    stage.down = False
    assert look(timedelta(hours=4)) == 2


def test_a_claim_that_was_lost_writes_nothing(runtime: Runtime, flagged: list[Case]) -> None:
    later = utcnow() + timedelta(hours=2)
    with runtime.database.write() as connection:
        mine = rechecks.claim_due(
            connection, token="satu", now=later, until=later + timedelta(seconds=1)
        )
        assert mine is not None
    after = later + timedelta(minutes=5)
    with runtime.database.write() as connection:
        claimed = {
            found.post_id
            for token in ("dua", "tiga")
            if (found := rechecks.claim_due(connection, token=token, now=after, until=after))
        }
        assert mine.post_id in claimed
        assert not rechecks.record_look(
            connection, mine.post_id, "satu", due_at=after, state="missing"
        )


def test_looks_grow_rarer() -> None:
    waits = [interval_after(looks) for looks in range(60)]
    assert waits == sorted(waits)
    assert sum(waits[:3], timedelta()) == timedelta(days=1)
    assert waits[-1] == timedelta(days=7)


def test_times_are_those_of_the_look(
    runtime: Runtime, flagged: list[Case], look: Callable[[timedelta], int]
) -> None:
    look(timedelta(hours=2))
    seen = sighting(runtime, flagged[0]).last_seen_at
    assert isinstance(seen, datetime)
    assert abs(seen - (utcnow() + timedelta(hours=2))) < timedelta(minutes=1)
