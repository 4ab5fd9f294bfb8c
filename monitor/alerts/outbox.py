"""Alerts are written in the transaction of their cause and numbered when they may leave."""

from datetime import timedelta

from monitor.clock import utcnow
from monitor.domain import AlertType, Case, case_label
from monitor.storage import Connection, alerts
from monitor.storage.unit_of_work import lock_sequences

# As long as a decision can be undone it does not leave the house.
UNDO_WINDOW = timedelta(seconds=10)
_PAGE = 500


def enqueue(
    connection: Connection,
    type: AlertType,
    case: Case,
    *,
    decision_id: int | None = None,
    extra: dict[str, str] | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Queue an alert that names nobody: case, region, act, risk. Persons follow at approval."""
    now = utcnow()
    data = {
        "case_id": case_label(case.id),
        "region": case.region,
        "act": case.act,
        "risk": case.risk,
        "status": case.status,
        "sample": case.sample,
        "model_version": case.prediction.get("model_version", ""),
        **(extra or {}),
    }
    alerts.add_alert(
        connection,
        type=type,
        case_id=case.id,
        decision_id=decision_id,
        data=data,
        created_at=now,
        due_at=now + delay,
    )


def has_due(connection: Connection) -> bool:
    return bool(alerts.list_due(connection, utcnow(), 1))


def publish_due(connection: Connection) -> int:
    """Number every alert whose time has come: 1, 2, 3, … in the order of commit."""
    lock_sequences(connection)
    now = utcnow()
    due = alerts.list_due(connection, now, _PAGE)
    seq = alerts.last_seq(connection)
    for alert_id in due:
        seq += 1
        alerts.publish(connection, alert_id, seq, now)
    return len(due)
