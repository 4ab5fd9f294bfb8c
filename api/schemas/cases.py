"""Cases, decisions and approvals as v1 shows and takes them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from api.schemas.common import CleanText, RequestModel
from models.labels import Act, AsnLabel, Stance
from monitor.domain import Case, CaseStatus, Decision, DecisionKind, case_label
from monitor.reference.regions import region_name
from monitor.review.legal import ActReading, read_acts


class EvidenceOut(BaseModel):
    id: int
    kind: str
    sha256: str
    sealed_at: datetime
    log_seq: int


class DecisionOut(BaseModel):
    id: int
    decision: DecisionKind
    reviewer: str
    via_key: bool
    case_version: int
    acts: list[Act] | None
    stance: Stance | None
    asn: AsnLabel | None
    targets: list[str] | None
    note: str
    decided_at: datetime
    undone_at: datetime | None


class ApprovalOut(BaseModel):
    id: int
    approver: str
    note: str
    approved_at: datetime


class ActOut(BaseModel):
    """An act with its reading under the joint decree at the stage of the post's day."""

    act: str
    name: str
    code: str
    sanction: str
    stage: str


class CaseOut(BaseModel):
    id: str
    version: int
    status: CaseStatus
    risk: float | None
    region: str
    region_name: str
    act: str
    sample: bool
    post: dict[str, Any]
    date_doubtful: bool
    prediction: dict[str, Any]
    collected_at: datetime
    created_at: datetime
    updated_at: datetime
    assigned_to: str | None
    lease_until: datetime | None


class CaseDetailOut(CaseOut):
    legal: list[ActOut]
    evidence: list[EvidenceOut]
    decisions: list[DecisionOut]
    approvals: list[ApprovalOut]


class CasesOut(BaseModel):
    items: list[CaseOut]
    next_cursor: str | None


class DecisionIn(RequestModel):
    decision: DecisionKind
    version: int = Field(ge=1, le=2**31 - 1)
    acts: list[Act] | None = Field(default=None, max_length=16)
    stance: Stance | None = None
    asn: AsnLabel | None = None
    targets: list[CleanText] | None = Field(default=None, max_length=50)
    note: CleanText = Field(default="", max_length=4000)


class ApprovalIn(RequestModel):
    version: int = Field(ge=1, le=2**31 - 1)
    note: CleanText = Field(default="", max_length=4000)


def case_out(case: Case) -> CaseOut:
    return CaseOut(**_common(case))


def case_detail_out(case: Case) -> CaseDetailOut:
    return CaseDetailOut(
        **_common(case),
        legal=[_act_out(reading) for reading in read_acts(case)],
        evidence=[
            EvidenceOut(
                id=e.id, kind=e.kind, sha256=e.sha256, sealed_at=e.sealed_at, log_seq=e.log_seq
            )
            for e in case.evidence
        ],
        decisions=[decision_out(decision) for decision in case.decisions],
        approvals=[
            ApprovalOut(id=a.id, approver=a.approver, note=a.note, approved_at=a.approved_at)
            for a in case.approvals
        ],
    )


def decision_out(decision: Decision) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        decision=decision.decision,
        reviewer=decision.reviewer,
        via_key=decision.via_key,
        case_version=decision.case_version,
        acts=None if decision.acts is None else [Act(act) for act in decision.acts],
        stance=Stance(decision.stance) if decision.stance else None,
        asn=AsnLabel(decision.asn) if decision.asn else None,
        targets=None if decision.targets is None else list(decision.targets),
        note=decision.note,
        decided_at=decision.decided_at,
        undone_at=decision.undone_at,
    )


def _common(case: Case) -> dict[str, Any]:
    return {
        "id": case_label(case.id),
        "version": case.version,
        "status": case.status,
        "risk": case.risk,
        "region": case.region,
        "region_name": region_name(case.region),
        "act": case.act,
        "sample": case.sample,
        "post": dict(case.post),
        "date_doubtful": case.date_doubtful,
        "prediction": dict(case.prediction),
        "collected_at": case.collected_at,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "assigned_to": case.assigned_to or None,
        "lease_until": case.lease_until,
    }


def _act_out(reading: ActReading) -> ActOut:
    return ActOut(
        act=reading.act,
        name=reading.name,
        code=reading.code,
        sanction=reading.sanction,
        stage=reading.stage,
    )
