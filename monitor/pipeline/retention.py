"""Removes what may no longer be kept: unflagged posts after 7 days, marks after 30, and more."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.access.installation_key import make_mark
from monitor.clock import today, utcnow
from monitor.pipeline import public_reports
from monitor.storage import Connection, idempotency, marks, posts

UNFLAGGED_KEPT = timedelta(days=7)
MARKS_KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(hours=24)
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class RetentionOutcome:
    posts: int
    marks: int
    contacts: int = 0


def run_retention(connection: Connection, key: bytes) -> RetentionOutcome:
    removed = 0
    before = utcnow() - UNFLAGGED_KEPT
    while page := posts.list_expired_keys(connection, before, _PAGE):
        marks.add_marks(connection, [make_mark(key, p, e) for _, p, e in page], today())
        posts.remove_posts(connection, [post_id for post_id, _, _ in page])
        removed += len(page)
    purged = marks.purge_marks(connection, today() - MARKS_KEPT)
    idempotency.purge(connection, utcnow() - ANSWERS_KEPT)
    contacts = public_reports.remove_expired(connection)
    return RetentionOutcome(posts=removed, marks=purged, contacts=contacts)
