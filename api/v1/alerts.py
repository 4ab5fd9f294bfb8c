"""`GET /v1/alerts?after=`: the feed, numbered 1, 2, 3, … without gaps."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import AlertsReader, Reading
from api.pagination import DEFAULT_LIMIT, MAXIMUM_LIMIT
from api.schemas.alerts import AlertOut, AlertsOut
from api.strict_json import StrictJsonRoute
from monitor.alerts.feed import read_feed

router = APIRouter(prefix="/alerts", tags=["peringatan"], route_class=StrictJsonRoute)


@router.get("", summary="Peringatan sesudah nomor tertentu")
def read_alerts(
    actor: AlertsReader,
    connection: Reading,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_LIMIT)] = DEFAULT_LIMIT,
) -> AlertsOut:
    page = read_feed(connection, after=after, limit=limit, scopes=actor.scopes)
    return AlertsOut(
        items=[AlertOut(seq=a.seq, type=a.type, time=a.at, data=dict(a.data)) for a in page.items],
        next_cursor=None if page.next_seq is None else str(page.next_seq),
    )
