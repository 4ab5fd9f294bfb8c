"""Alerts as the feed gives them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class AlertOut(BaseModel):
    seq: int
    type: str
    time: datetime
    data: dict[str, Any]


class AlertsOut(BaseModel):
    items: list[AlertOut]
    next_cursor: str | None
