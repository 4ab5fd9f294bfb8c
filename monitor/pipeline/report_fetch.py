"""Reads what stands at a reported address, where a configured collector can look at one post."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from models.labels import Platform
from monitor.collectors import kind_of
from monitor.collectors.base import Looker, Tools
from monitor.collectors.trouble import trouble_of
from monitor.domain import SYSTEM, Source, SourceState
from monitor.errors import NetraError
from monitor.pipeline.collect import open_collector
from monitor.pipeline.public_reports import found, store_fetched
from monitor.reference.post_links import PostLink, read_link
from monitor.storage import public_reports, sources
from monitor.storage.public_reports import ReportStatus
from monitor.storage.unit_of_work import Database

# A platform that does not answer is asked again; after a day a person has to look.
AGAIN_AFTER = timedelta(minutes=10)
TRIED_FOR = timedelta(hours=24)

logger = logging.getLogger(__name__)
FindLookers = Callable[[Platform], Iterable[tuple[Source, Looker]]]


def fetch_next_reported(
    database: Database, key: bytes, find_lookers: FindLookers, now: datetime
) -> bool:
    """Try the address that has waited longest; False when none is due.

    What cannot be read this way stays as it is: a person reads it, and no answer never means that
    there was nothing.
    """
    with database.write() as connection:
        due = public_reports.list_unfetched(
            connection, tried_before=now - AGAIN_AFTER, created_after=now - TRIED_FOR, limit=1
        )
        if not due:
            return False
        report = due[0]
        # Put off before it is tried: a look that kills its process must not be tried for ever.
        public_reports.change_report(connection, report.id, {"updated_at": now})
    link = read_link(report.link)
    post = _look(link, find_lookers) if link and link.id else None
    if post is None:
        return True
    with database.write() as connection:
        current = found(public_reports.lock_report(connection, report.ticket))
        if current.status == ReportStatus.NEEDS_FETCH:
            store_fetched(connection, current, post, key=key, by=SYSTEM)
    return True


def configured_lookers(database: Database, tools: Tools) -> FindLookers:
    """Return who can look at a post of a platform: the collectors of the sources that run."""

    def find(platform: Platform) -> Iterator[tuple[Source, Looker]]:
        with database.read() as connection:
            configured = sources.list_sources(connection)
        for source in configured:
            if source.status != "active" or source.state == SourceState.NEEDS_PERSON:
                continue
            try:
                if kind_of(source.kind).platform != platform:
                    continue
                collector, filled = open_collector(source, tools)
            except NetraError:
                # Not fit to run: its own state says why.
                continue
            if isinstance(collector, Looker):
                yield filled, collector

    return find


def _look(link: PostLink, find_lookers: FindLookers) -> dict[str, Any] | None:
    for source, looker in find_lookers(link.platform):
        try:
            seen = looker.look(source, _as_received(link))
        except Exception as error:
            trouble = trouble_of(error)
            logger.info("reported post unread", extra={"source": source.name, "code": trouble.code})
            continue
        if seen is not None:
            return dict(seen)
    return None


def _as_received(link: PostLink) -> dict[str, Any]:
    """What a collector needs to ask for one post, as if it had been collected."""
    received: dict[str, Any] = {
        "id": link.id,
        "platform": str(link.platform),
        "url": link.url,
        "text": "",
    }
    if link.platform is Platform.YOUTUBE:
        received["raw"] = {"kind": "video"}
    return received
