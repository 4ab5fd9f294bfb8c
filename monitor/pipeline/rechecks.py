"""Looks at flagged posts again: what was edited, removed or restored, and when it was last seen.

Removal after a flag is itself a fact for the case. An edited post is sealed beside the first
one, which stays as it was. No answer of a platform never counts as removed.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.base import Looker
from monitor.collectors.trouble import trouble_of
from monitor.domain import SYSTEM, Source, SourceState, case_label
from monitor.evidence import custody
from monitor.evidence.seal import POST_SEEN_LATER, seal_snapshot
from monitor.pipeline.classify import new_claim
from monitor.storage import Connection, rechecks, sources
from monitor.storage.columns import canonical_json
from monitor.storage.rechecks import PostPresence, Recheck
from monitor.storage.unit_of_work import Database

# Most removals come within hours of being noticed; after a month a look a week is enough.
_LOOKS = (timedelta(hours=1), timedelta(hours=5), timedelta(hours=18))
_DAILY, _DAILY_FOR = timedelta(days=1), 30
_WEEKLY = timedelta(days=7)
_CLAIM = timedelta(seconds=120)
_AFTER_TROUBLE = timedelta(hours=1)
_FIRST_LOOK = timedelta(hours=1)
# A post that is vanishing is worth a look before one of equal risk that is not.
_PRIORITY_STEP, _MOST_PRIORITY = 0.2, 1.0

logger = logging.getLogger(__name__)
FindLooker = Callable[[Source], Looker | None]


def enrol_flagged(connection: Connection, kinds: list[str], now: datetime) -> int:
    """Watch what has been flagged since, at sources of kinds that can be asked again."""
    return rechecks.enrol(connection, kinds, due_at=now + _FIRST_LOOK)


def recheck_next(database: Database, find_looker: FindLooker, now: datetime) -> bool:
    """Look at the post that has waited longest; False when none is due."""
    claim = new_claim()
    with database.write() as connection:
        due = rechecks.claim_due(connection, token=claim.token, now=now, until=now + _CLAIM)
    if due is None:
        return False
    with database.read() as connection:
        source = sources.find_source(connection, due.source_name)
    looker = find_looker(source) if source and source.status == "active" else None
    if source is None or looker is None or source.state == SourceState.NEEDS_PERSON:
        _put_off(database, due, claim.token, now)
        return True
    try:
        found = looker.look(source, due.received)
    except Exception as error:
        trouble = trouble_of(error)
        logger.info("recheck failed", extra={"source": source.name, "code": trouble.code})
        _put_off(database, due, claim.token, now)
        return True
    with database.write() as connection:
        _record(connection, due, claim.token, found, now)
    return True


def _put_off(database: Database, due: Recheck, token: str, now: datetime) -> None:
    with database.write() as connection:
        rechecks.record_look(connection, due.post_id, token, due_at=now + _AFTER_TROUBLE)


def _record(
    connection: Connection,
    due: Recheck,
    token: str,
    found: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    state, content = _compare(due, found)
    values: dict[str, Any] = {"state": state, "looks": due.looks + 1, "content_sha256": content}
    if state is PostPresence.MISSING:
        values["first_missing_at"] = due.first_missing_at or now
    else:
        values["last_seen_at"] = now
    if state is PostPresence.RESTORED:
        values["restored_at"] = now
    held = rechecks.record_look(
        connection, due.post_id, token, due_at=now + interval_after(due.looks + 1), **values
    )
    if held and _is_news(due, state, content):
        _tell(connection, due, state, found, now)


def _compare(due: Recheck, found: Mapping[str, Any] | None) -> tuple[PostPresence, str]:
    """Return the state after a look, and the hash of what was seen last."""
    known = due.content_sha256 or content_hash(due.received)
    if found is None:
        return PostPresence.MISSING, known
    seen = content_hash(found)
    if seen != known:
        return PostPresence.EDITED, seen
    if due.state is PostPresence.MISSING:
        return PostPresence.RESTORED, known
    if due.state in (PostPresence.EDITED, PostPresence.RESTORED):
        return due.state, known
    return PostPresence.PRESENT, known


def _is_news(due: Recheck, state: PostPresence, content: str) -> bool:
    """A post that stays missing, or stays as it was edited, is told once."""
    if state is PostPresence.EDITED:
        return content != due.content_sha256
    return state is not due.state and state is not PostPresence.PRESENT


def _tell(
    connection: Connection,
    due: Recheck,
    state: PostPresence,
    found: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Log the change, seal an edited text, and move the account's open cases up."""
    subject = f"case:{case_label(due.case_id)}"
    details: dict[str, Any] = {"state": state, "looks": due.looks + 1}
    if state is PostPresence.EDITED and found is not None:
        received = canonical_json(dict(found))
        seal_snapshot(connection, due.case_id, POST_SEEN_LATER, received, {"looks": due.looks + 1})
    custody.record(connection, SYSTEM, f"post.{state}", subject, details)
    if state is PostPresence.RESTORED:
        return
    handle = str((due.received.get("author") or {}).get("handle") or "")
    if handle:
        open_cases = rechecks.hasten_author(
            connection, due.platform, handle, due_at=now, seen=due.post_id
        )
        for case_id, priority in open_cases:
            raised = min(_MOST_PRIORITY, priority + _PRIORITY_STEP)
            rechecks.set_priority(connection, case_id, max(priority, raised))


def content_hash(post: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a post says: counts and profiles change without an edit."""
    said = {name: str(post.get(name) or "") for name in ("text", "media_alt")}
    return hashlib.sha256(canonical_json(said)).hexdigest()


def interval_after(looks: int) -> timedelta:
    """Return how long to wait after so many looks."""
    if looks < len(_LOOKS):
        return _LOOKS[looks]
    return _DAILY if looks < len(_LOOKS) + _DAILY_FOR else _WEEKLY
