"""Marks of posts that were seen and not kept."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Connection, delete, select

from monitor.storage.tables import marks
from monitor.storage.upsert import insert_or


def find_marks(connection: Connection, candidates: Collection[bytes]) -> set[bytes]:
    rows = connection.execute(select(marks.c.mark).where(marks.c.mark.in_(candidates)))
    return {bytes(row.mark) for row in rows}


def add_marks(connection: Connection, new: Iterable[bytes], day: date) -> int:
    """Add marks and return how many were really new (another process may have been first)."""
    # Sorted: two imports of the same posts then queue for each other instead of deadlocking.
    rows = [{"mark": mark, "day": day} for mark in sorted(new)]
    if not rows:
        return 0
    statement = insert_or(connection, marks).on_conflict_do_nothing().returning(marks.c.mark)
    return len(connection.execute(statement, rows).all())


def purge_marks(connection: Connection, before: date) -> int:
    return connection.execute(delete(marks).where(marks.c.day < before)).rowcount
