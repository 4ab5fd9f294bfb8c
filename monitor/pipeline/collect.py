"""Runs one source once: a page's posts, cursor and ledger go in together, nothing lost or doubled.

The run stops between pages: when asked to, when its quota is spent, when others have waited.
"""

import logging
import threading
import traceback
from dataclasses import replace
from datetime import timedelta

from monitor.clock import utcnow
from monitor.collectors import kind_of
from monitor.collectors.base import Collector, Page, Tools
from monitor.collectors.trouble import CollectorTrouble, NotConfigured, trouble_of
from monitor.domain import Source
from monitor.errors import NetworkError, ShareSpent, UnavailableError
from monitor.pipeline import coverage, quota
from monitor.pipeline.claims import RUN_CLAIM, kept
from monitor.pipeline.classify import new_claim
from monitor.pipeline.ingest import ingest
from monitor.pipeline.runs import CollectOutcome, Run, RunContext, finish, record_silence
from monitor.storage import sources

__all__ = ["CollectOutcome", "RunContext", "collect_next_due", "collect_source", "open_collector"]

# After this long it is the turn of others; the source goes on by its cursor when it is due again.
TURN = timedelta(minutes=5)
_FRAMES_LOGGED = 3

logger = logging.getLogger(__name__)


def collect_next_due(context: RunContext, stop: threading.Event) -> CollectOutcome | None:
    """Run the due source whose turn it is, or return None when none is due."""
    with context.database.read() as connection:
        due = sources.list_due(connection, utcnow())
    for source_id in due:
        now, token = utcnow(), new_claim().token
        with context.database.write() as connection:
            source = sources.claim_due_source(
                connection, source_id, token=token, now=now, until=now + RUN_CLAIM
            )
        if source is not None:
            return _go(Run(context, source, token, stop, TURN, CollectOutcome(source.name)))
    return None


def collect_source(
    context: RunContext, source: Source, stop: threading.Event
) -> CollectOutcome | None:
    """Run this source now and to its end; None when another process is running it."""
    now, token = utcnow(), new_claim().token
    with context.database.write() as connection:
        claimed = sources.claim_source(
            connection, source.id, token=token, now=now, until=now + RUN_CLAIM
        )
    if claimed is None:
        return None
    return _go(Run(context, claimed, token, stop, None, CollectOutcome(claimed.name)))


def open_collector(source: Source, tools: Tools) -> tuple[Collector, Source]:
    """Return the collector of a source, and the source with the defaults of its kind filled in.

    Raises `NotConfigured` where the platform's terms ask for an agreement that is not recorded.
    """
    kind = kind_of(source.kind)
    if kind.needs_agreement and not source.agreement:
        raise NotConfigured(
            f"Ketentuan {kind.title} menuntut persetujuan yang belum dicatat. Catat dengan"
            f" `netra sources agree {source.name} NOMOR-ATAU-RUJUKAN`."
        )
    defaults = {option.name: option.default for option in kind.options if option.default}
    return kind.build(tools), replace(source, options={**defaults, **source.options})


def _go(run: Run) -> CollectOutcome:
    with kept(run.context.database, run.source.id, run.token):
        trouble = _take_pages(run)
        if not run.lost:
            with run.context.database.write() as connection:
                finish(connection, run, trouble)
    if run.lost:
        run.outcome.error = "Dihentikan: sumber dijeda, dihapus, atau diambil alih proses lain."
    elif trouble is not None:
        run.outcome.error = trouble.detail or trouble.title
    return run.outcome


def _take_pages(run: Run) -> CollectorTrouble | None:
    """Store page after page; return what ended the run, or None where nothing was wrong."""
    try:
        with run.context.database.read() as connection:
            spent = quota.find_spent(connection, run.source, utcnow())
        if spent is not None:
            return spent
        collector, source = open_collector(run.source, run.context.tools)
        pages = collector.collect(source, source.cursor)
        while not run.is_over():
            page = next(pages, None)
            if page is None:
                return None
            spent = _store(run, page)
            if spent is not None or run.lost:
                return spent
        run.cut_short = True
        return None
    except Exception as error:
        if isinstance(error, UnavailableError) and not isinstance(error, NetworkError):
            # Our own database: nothing can be written down now. The claim runs out by itself.
            raise
        return _told(run.source, error)


def _store(run: Run, page: Page) -> ShareSpent | None:
    """Take one page in; return the quota that it has used up, if it has."""
    source, outcome, now = run.source, run.outcome, utcnow()
    with run.context.database.write() as connection:
        # First, as it locks the row: of two that hold the source in turn only one stores.
        held = sources.save_cursor(
            connection,
            source.id,
            token=run.token,
            cursor=page.cursor,
            at=now,
            until=now + RUN_CLAIM,
        )
        if not held:
            run.lost = True
            return None
        if not outcome.pages:
            record_silence(connection, run)
        taken = ingest(connection, page.items, key=run.context.key, source_id=source.id)
        coverage.record_page(connection, source, page, taken, now)
        if taken.new:
            sources.record_new(connection, source.id, now)
        spent = quota.find_spent(connection, source, now)
    outcome.pages += 1
    outcome.got += len(page.items)
    outcome.new += taken.new
    outcome.passed_gate += taken.passed_gate
    outcome.failed += taken.refused
    return spent


def _told(source: Source, error: Exception) -> CollectorTrouble:
    """Return what an error means; the log says where it arose and never what it says."""
    trouble = trouble_of(error)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_LOGGED:]
    logger.warning(
        "source in trouble",
        extra={
            "source": source.name,
            "code": trouble.code,
            "error_kind": type(error).__name__,
            "where": [f"{frame.filename}:{frame.lineno}" for frame in frames],
        },
    )
    return trouble
