"""Removes what may no longer be kept of public reports; the rows stay countable."""

from datetime import datetime

from sqlalchemy import Connection, and_, or_, update

from monitor.storage.public_reports import CLOSED, ReportStatus
from monitor.storage.tables import public_reports


def forget_contacts(
    connection: Connection, *, closed_before: datetime, any_before: datetime
) -> int:
    """Remove contact data of reports closed so long ago, and of any that are older still."""
    over = or_(
        and_(
            public_reports.c.status.in_([status.value for status in CLOSED]),
            public_reports.c.updated_at < closed_before,
        ),
        public_reports.c.created_at < any_before,
    )
    changed = connection.execute(
        update(public_reports).where(over, public_reports.c.contact != "").values(contact="")
    )
    return changed.rowcount


def forget_senders(connection: Connection, before: datetime) -> int:
    changed = connection.execute(
        update(public_reports)
        .where(public_reports.c.created_at < before, public_reports.c.sender != "")
        .values(sender="")
    )
    return changed.rowcount


def forget_contents(connection: Connection, before: datetime) -> int:
    """Empty what was refused so long ago; that there was a report stays countable."""
    filled = or_(
        public_reports.c.link != "", public_reports.c.text != "", public_reports.c.seen != ""
    )
    changed = connection.execute(
        update(public_reports)
        .where(
            public_reports.c.status == ReportStatus.REFUSED,
            public_reports.c.updated_at < before,
            filled,
        )
        .values(link="", text="", seen="", seen_at=None, region="")
    )
    return changed.rowcount
