"""Reports of the public as v1 takes and shows them."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from api.schemas.common import CleanText, RequestModel
from monitor.pipeline.report_rules import (
    CONTACT_LIMIT,
    REGION_LIMIT,
    SEEN_LIMIT,
    TEXT_LIMIT,
    ReportAsTyped,
)
from monitor.reference.post_links import LINK_LIMIT


class ReportIn(RequestModel):
    """`link` or `text` is needed, and `seen`: what was seen, in a sentence."""

    link: CleanText = Field(default="", max_length=LINK_LIMIT)
    text: CleanText = Field(default="", max_length=TEXT_LIMIT)
    seen: CleanText = Field(max_length=SEEN_LIMIT)
    seen_at: AwareDatetime | None = None
    region: CleanText = Field(default="", max_length=REGION_LIMIT)
    contact: CleanText = Field(default="", max_length=CONTACT_LIMIT)

    def as_typed(self) -> ReportAsTyped:
        return ReportAsTyped(
            link=self.link,
            text=self.text,
            seen=self.seen,
            seen_at=self.seen_at.isoformat() if self.seen_at else "",
            region=self.region,
            contact=self.contact,
        )


class ReportOut(BaseModel):
    """What everybody who knows the ticket may know: nothing of what was reported."""

    ticket: str
    status: str
    status_text: str
    reason: str | None = None
    case: str | None = None
    received_at: datetime
    updated_at: datetime
    status_url: str
