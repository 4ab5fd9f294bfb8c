"""Counts of public reports: for the limits, and of fellows by thing and by sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.storage.public_reports import PublicReport
from monitor.storage.tables import cases, public_reports


@dataclass(frozen=True, slots=True)
class Kinship:
    """How many reports are about the same thing, from how many senders, and what else those sent.

    A sender is one address on one day: the same person on another day counts as another.
    """

    same_about: int = 1
    senders: int = 1
    same_sender: int = 1


def count_since(connection: Connection, since: datetime, senders: Sequence[str] = ()) -> int:
    """Count what came in since then, of anybody or of these senders."""
    conditions = [public_reports.c.created_at > since]
    if senders:
        conditions.append(public_reports.c.sender.in_(list(senders)))
    statement = select(func.count()).select_from(public_reports).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def count_by_status(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(public_reports.c.status, func.count()).group_by(public_reports.c.status)
    )
    return {status: int(n) for status, n in rows}


def kinship_of(connection: Connection, reports: Sequence[PublicReport]) -> dict[int, Kinship]:
    """Count, for each report, its fellows by what it is about and by who sent it."""
    by_about = {
        row.about: (int(row.n), int(row.senders))
        for row in connection.execute(
            select(
                public_reports.c.about,
                func.count().label("n"),
                func.count(public_reports.c.sender.distinct()).label("senders"),
            )
            .where(public_reports.c.about.in_({report.about for report in reports}))
            .group_by(public_reports.c.about)
        )
    }
    by_sender = {
        sender: int(n)
        for sender, n in connection.execute(
            select(public_reports.c.sender, func.count())
            # A sender that was forgotten is nobody's fellow.
            .where(public_reports.c.sender.in_({report.sender for report in reports} - {""}))
            .group_by(public_reports.c.sender)
        )
    }
    return {
        report.id: Kinship(*by_about.get(report.about, (1, 1)), by_sender.get(report.sender, 1))
        for report in reports
    }


def kinship_of_case(connection: Connection, case_id: int) -> Kinship | None:
    """Return how often and by how many the post of a case was reported; None where by nobody."""
    row = connection.execute(
        select(
            func.count().label("n"),
            func.count(public_reports.c.sender.distinct()).label("senders"),
        )
        .select_from(public_reports.join(cases, cases.c.post_id == public_reports.c.post_id))
        .where(cases.c.id == case_id)
    ).one()
    return Kinship(int(row.n), int(row.senders)) if row.n else None
