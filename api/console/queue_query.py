"""The filters of the queue: read from the address, kept along while walking from case to case."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.schemas.common import CleanText
from models.labels import Act
from monitor.domain import OPEN_STATUSES, CaseStatus
from monitor.reference.regions import find_code, find_region, region_name
from monitor.storage.cases import CaseFilter

OPEN, ALL = "terbuka", "semua"
# No region has this code: what was typed is unknown, so the list is empty and says why.
_NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class QueueQuery:
    status: str
    region: str
    act: str
    q: str

    @property
    def region_code(self) -> str:
        return _find_code(self.region)

    @property
    def region_shown(self) -> str:
        """The region as understood, beside what was typed; empty when nothing is known of it."""
        code = self.region_code
        return f"{region_name(code)} ({code})" if find_region(code) else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.region or self.act or self.q or self.status != OPEN)

    def wanted(self) -> CaseFilter:
        return CaseFilter(
            statuses=_statuses(self.status), region=self.region_code, act=self.act, q=self.q
        )

    def address(self, path: str, **more: str) -> str:
        """Return `path` with the filters that are set, and `more`."""
        values = {
            "status": "" if self.status == OPEN else self.status,
            "region": self.region,
            "act": self.act,
            "q": self.q,
            **more,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


def read_query(
    status: Annotated[CleanText, Query(max_length=16)] = OPEN,
    region: Annotated[CleanText, Query(max_length=64)] = "",
    act: Annotated[CleanText, Query(max_length=32)] = "",
    q: Annotated[CleanText, Query(max_length=200)] = "",
) -> QueueQuery:
    """Read the filters; a value from an old address that is no longer known means *any*."""
    known = status == ALL or status in set(CaseStatus)
    return QueueQuery(
        status=status if known else OPEN,
        region=region.strip(),
        act=act if act in set(Act) else "",
        q=q.strip(),
    )


QueueQueryDep = Annotated[QueueQuery, Depends(read_query)]


def _statuses(status: str) -> tuple[CaseStatus, ...]:
    if status == ALL:
        return ()
    if status == OPEN:
        return tuple(sorted(OPEN_STATUSES))
    return (CaseStatus(status),)


def _find_code(typed: str) -> str:
    return (find_code(typed) or _NOWHERE) if typed else ""
