"""The cursor feed: what a partner sees of an alert depends on approval and on its scopes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.domain import Alert, AlertType, CaseStatus, Scope
from monitor.storage import Connection, alerts
from monitor.storage.cases import find_case

_PERSONAL_STATUSES = frozenset({CaseStatus.APPROVED, CaseStatus.HANDED_OFF, CaseStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class FeedPage:
    items: tuple[Alert, ...]
    next_seq: int | None


def read_feed(
    connection: Connection, *, after: int, limit: int, scopes: Collection[Scope]
) -> FeedPage:
    found = alerts.list_published(connection, after, limit + 1)
    page = found[:limit]
    items = tuple(_with_person(connection, alert, scopes) for alert in page)
    return FeedPage(items, page[-1].seq if len(found) > limit else None)


def _with_person(connection: Connection, alert: Alert, scopes: Collection[Scope]) -> Alert:
    """Add author and text only where two people have agreed and the key may see persons."""
    if alert.type is not AlertType.CASE_APPROVED or Scope.ALERTS_PERSONAL not in scopes:
        return alert
    case = find_case(connection, alert.case_id)
    if case is None or case.status not in _PERSONAL_STATUSES:
        return alert
    return Alert(
        alert.seq, alert.type, alert.at, alert.case_id, {**alert.data, **_person(case.post)}
    )


def _person(post: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("platform", "id", "url", "text", "author", "posted_at")
    return {"post": {name: post[name] for name in shown if name in post}}
