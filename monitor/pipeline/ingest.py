"""Takes posts in: check, de-duplicate, gate. What the gate stops leaves a mark and a count only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from models.author.gate import AsnGate
from models.errors import PostError
from models.post import Post, parse_post
from monitor.access.installation_key import make_mark
from monitor.clock import today, utcnow
from monitor.reference.regions import infer_region
from monitor.storage import Connection, counts, marks, posts
from monitor.storage.columns import canonical_json
from monitor.storage.posts import NewPost

# Further ahead than any clock error: kept, and shown as *tanggal meragukan*.
FUTURE_TOLERANCE = timedelta(hours=24)


class ItemStatus(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item. Whether it passed the gate is deliberately not part of it."""

    status: ItemStatus
    id: str | None = None
    field: str = ""
    reason: str = ""


@dataclass(slots=True)
class IngestOutcome:
    items: list[ItemOutcome] = field(default_factory=list)
    new: int = 0
    duplicate: int = 0
    passed_gate: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Posts taken in under a claim are scored by the caller; others wait for a worker."""

    token: str
    until: datetime


@cache
def asn_gate() -> AsnGate:
    return AsnGate()


def ingest(
    connection: Connection,
    items: Sequence[Any],
    *,
    key: bytes,
    source_id: int | None = None,
    claim: Claim | None = None,
) -> IngestOutcome:
    """Take decoded items in, within the caller's transaction; outcomes come in the same order."""
    outcome = IngestOutcome()
    fresh = _new_posts(connection, items, key, outcome)
    passed: list[NewPost] = []
    stopped: list[bytes] = []
    now = utcnow()
    for mark, (post, received) in fresh.items():
        if asn_gate().passes(post):
            passed.append(_new_post(post, received, now))
        else:
            stopped.append(mark)
    marked = marks.add_marks(connection, stopped, today())
    inserted = posts.add_posts(
        connection,
        passed,
        source_id=source_id,
        at=now,
        claim_token=claim.token if claim else None,
        claim_until=claim.until if claim else None,
    )
    # Another process may have taken in the same post since we looked: then it is its, not ours.
    lost = len(passed) - inserted + len(stopped) - marked
    outcome.new = len(fresh) - lost
    outcome.duplicate += lost
    outcome.passed_gate = inserted
    numbers = Counter(
        received=len(items),
        new=outcome.new,
        duplicate=outcome.duplicate,
        refused=outcome.refused,
        passed_gate=inserted,
        stopped_at_gate=marked,
    )
    counts.add_counts(connection, today(), source_id, numbers)
    return outcome


def _new_posts(
    connection: Connection, items: Sequence[Any], key: bytes, outcome: IngestOutcome
) -> dict[bytes, tuple[Post, bytes]]:
    """Parse and drop what is known; fill in the outcome of every item."""
    parsed = [_parse(item) for item in items]
    candidates = [entry[0] for entry in parsed if not isinstance(entry, ItemOutcome)]
    # Posts first, then marks: a post being forgotten in between leaves its mark, never a gap.
    known_keys = posts.find_known_keys(connection, {(p.platform, p.id) for p in candidates})
    known = marks.find_marks(connection, {make_mark(key, p.platform, p.id) for p in candidates})
    fresh: dict[bytes, tuple[Post, bytes]] = {}
    for entry in parsed:
        if isinstance(entry, ItemOutcome):
            outcome.items.append(entry)
            outcome.refused += 1
            continue
        post, received = entry
        mark = make_mark(key, post.platform, post.id)
        if mark in known or mark in fresh or (post.platform, post.id) in known_keys:
            outcome.items.append(ItemOutcome(ItemStatus.DUPLICATE, post.id))
            outcome.duplicate += 1
            continue
        outcome.items.append(ItemOutcome(ItemStatus.ACCEPTED, post.id))
        fresh[mark] = (post, received)
    return fresh


def _parse(item: Any) -> tuple[Post, bytes] | ItemOutcome:
    """Return the post and what will be stored of it, or why it is refused."""
    try:
        return parse_post(item), canonical_json(item)
    except PostError as error:
        field, reason = error.field, error.reason
    except (TypeError, ValueError):
        # Before the gate for every post: the refusal must not tell who passed it.
        field, reason = "", "objek bersarang terlalu dalam atau memuat angka di luar batas"
    shown = item.get("id") if isinstance(item, dict) else None
    return ItemOutcome(ItemStatus.REFUSED, shown if isinstance(shown, str) else None, field, reason)


def _new_post(post: Post, received: bytes, now: datetime) -> NewPost:
    doubtful = (post.posted_at is None and post.received.get("posted_at") is not None) or (
        post.posted_at is not None and post.posted_at > now + FUTURE_TOLERANCE
    )
    return NewPost(
        platform=post.platform,
        external_id=post.id,
        received=received,
        region=infer_region(post),
        posted_at=post.posted_at,
        date_doubtful=doubtful,
    )
