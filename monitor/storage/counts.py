"""Daily counts per source: all that is kept of posts that were stopped at the gate."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from monitor.storage.tables import counts, sources
from monitor.storage.upsert import insert_or

NO_SOURCE = 0


def add_counts(
    connection: Connection, day: date, source_id: int | None, numbers: Mapping[str, int]
) -> None:
    rows = [
        {"day": day, "source_id": source_id or NO_SOURCE, "name": name, "n": n}
        for name, n in sorted(numbers.items())
        if n
    ]
    if not rows:
        return
    statement = insert_or(connection, counts)
    statement = statement.on_conflict_do_update(
        index_elements=["day", "source_id", "name"], set_={"n": counts.c.n + statement.excluded.n}
    )
    connection.execute(statement, rows)


def sum_counts(connection: Connection, *, sample: bool = False) -> dict[str, int]:
    """Return totals by name; posts of the sample source are counted apart."""
    sampled = select(sources.c.id).where(sources.c.sample.is_(True))
    condition = counts.c.source_id.in_(sampled) if sample else counts.c.source_id.not_in(sampled)
    rows = connection.execute(
        select(counts.c.name, func.sum(counts.c.n)).where(condition).group_by(counts.c.name)
    )
    return {name: int(n) for name, n in rows}
