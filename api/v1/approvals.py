"""`/v1/cases/{id}/approvals`: the second pair of eyes; a person, never a key."""

from fastapi import APIRouter

from api.deps import CasesWriter, Writing
from api.schemas.cases import ApprovalIn, CaseDetailOut, case_detail_out
from api.strict_json import StrictJsonRoute
from api.v1.cases import case_number
from monitor.review import decisions

router = APIRouter(prefix="/cases", tags=["kasus"], route_class=StrictJsonRoute)


@router.post("/{case_id}/approvals", status_code=201, summary="Setujui keputusan orang lain")
def approve(
    case_id: str, body: ApprovalIn, actor: CasesWriter, connection: Writing
) -> CaseDetailOut:
    case = decisions.approve(
        connection, actor, case_number(case_id), version=body.version, note=body.note
    )
    return case_detail_out(case)
