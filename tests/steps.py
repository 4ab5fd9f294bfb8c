"""Steps that many tests take: bring posts in, score them, decide."""

from typing import Any

from monitor.access import people
from monitor.cli.console import OPERATOR
from monitor.domain import Actor, Case, DecisionKind, Role
from monitor.pipeline.classify import score_waiting
from monitor.pipeline.ingest import IngestOutcome, ingest
from monitor.review.decisions import Opinion
from monitor.runtime import Runtime
from monitor.storage.cases import CaseFilter, list_cases

PASSWORD = "rahasia-sekali"


def take_in(runtime: Runtime, *posts: Any) -> IngestOutcome:
    with runtime.database.write() as connection:
        return ingest(connection, list(posts), key=runtime.key)


def score_all(runtime: Runtime) -> int:
    """Score everything that waits and return how many were flagged."""
    flagged = 0
    while True:
        outcome = score_waiting(runtime.database, runtime.classifier, runtime.key)
        flagged += outcome.flagged
        if not outcome.scored:
            return flagged


def queue(runtime: Runtime) -> list[Case]:
    with runtime.database.read() as connection:
        return list_cases(connection, CaseFilter(), after=None, limit=1000)


def open_cases(runtime: Runtime, *posts: Any) -> list[Case]:
    """Bring flagged posts in and return the queue."""
    take_in(runtime, *posts)
    assert score_all(runtime) == len(posts), "every one of these posts must be flagged"
    return queue(runtime)


def add_reviewer(runtime: Runtime, name: str, role: Role = Role.ANALYST) -> Actor:
    with runtime.database.write() as connection:
        user = people.add_user(connection, name, role, PASSWORD, by=OPERATOR)
    return Actor(name=name, user=user)


def opinion(case: Case, decision: DecisionKind = DecisionKind.CONFIRM, note: str = "") -> Opinion:
    return Opinion(decision=decision, version=case.version, note=note)
