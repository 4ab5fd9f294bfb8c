"""Runs one source once: a page's posts and cursor go in together, so nothing is lost or doubled."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import utcnow
from monitor.collectors import collector_for
from monitor.domain import Source
from monitor.pipeline.classify import new_claim
from monitor.pipeline.ingest import ingest
from monitor.storage import sources
from monitor.storage.unit_of_work import Database

# Every page renews the claim; after a crash the source is taken over when it has run out.
RUN_CLAIM = timedelta(seconds=60)
# A run that failed is tried again soon, also of a source that is meant to run only once.
RETRY = timedelta(seconds=60)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class CollectOutcome:
    source: str
    got: int = 0
    new: int = 0
    passed_gate: int = 0
    failed: int = 0
    error: str = ""


def collect_next_due(database: Database, key: bytes) -> CollectOutcome | None:
    """Run the source that has waited longest, or return None when none is due."""
    now = utcnow()
    claim = new_claim()
    with database.write() as connection:
        source = sources.claim_due_source(
            connection, token=claim.token, now=now, until=now + RUN_CLAIM
        )
    return _run(database, key, source, claim.token) if source else None


def collect_source(database: Database, key: bytes, source: Source) -> CollectOutcome | None:
    """Run this source now; None when another process is running it."""
    now = utcnow()
    claim = new_claim()
    with database.write() as connection:
        claimed = sources.claim_source(
            connection, source.id, token=claim.token, now=now, until=now + RUN_CLAIM
        )
    return _run(database, key, claimed, claim.token) if claimed else None


def _run(database: Database, key: bytes, source: Source, token: str) -> CollectOutcome:
    outcome = CollectOutcome(source=source.name)
    try:
        for page in collector_for(source.kind).collect(source, source.cursor):
            with database.write() as connection:
                held = sources.save_cursor(
                    connection,
                    source.id,
                    token=token,
                    cursor=page.cursor,
                    until=utcnow() + RUN_CLAIM,
                )
                if not held:
                    outcome.error = "diambil alih proses lain"
                    return outcome
                taken = ingest(connection, page.items, key=key, source_id=source.id)
            outcome.got += len(page.items)
            outcome.new += taken.new
            outcome.passed_gate += taken.passed_gate
            outcome.failed += taken.refused
    except Exception as error:
        logger.exception("collector failed", extra={"source": source.name})
        # The kind alone: the text of an error may hold the text of a post.
        outcome.error = type(error).__name__
    _finish(database, source, token, outcome.error)
    return outcome


def _finish(database: Database, source: Source, token: str, error: str) -> None:
    now = utcnow()
    with database.write() as connection:
        sources.finish_run(
            connection,
            source.id,
            token,
            at=now,
            due_at=now + RETRY if error else _next_run(source, now),
            error=error,
        )


def _next_run(source: Source, now: datetime) -> datetime | None:
    return now + timedelta(seconds=source.every_seconds) if source.every_seconds else None
