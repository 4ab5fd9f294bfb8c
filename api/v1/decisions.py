"""`/v1/cases/{id}/decisions`: give a first opinion, take it back within ten seconds."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import CasesWriter, Writing
from api.schemas.cases import CaseDetailOut, DecisionIn, DecisionOut, case_detail_out, decision_out
from api.strict_json import StrictJsonRoute
from api.v1.cases import case_number
from monitor.review import decisions

router = APIRouter(prefix="/cases", tags=["kasus"], route_class=StrictJsonRoute)


@router.post("/{case_id}/decisions", status_code=201, summary="Beri keputusan pertama")
def decide(case_id: str, body: DecisionIn, actor: CasesWriter, connection: Writing) -> DecisionOut:
    opinion = decisions.Opinion(
        decision=body.decision,
        version=body.version,
        acts=body.acts,
        stance=body.stance,
        asn=body.asn,
        targets=body.targets,
        note=body.note,
    )
    return decision_out(decisions.decide(connection, actor, case_number(case_id), opinion))


@router.delete("/{case_id}/decisions/{decision_id}", summary="Batalkan dalam 10 detik")
def undo(
    case_id: str,
    decision_id: Annotated[int, Path(ge=1, le=2**62)],
    actor: CasesWriter,
    connection: Writing,
) -> CaseDetailOut:
    return case_detail_out(decisions.undo(connection, actor, case_number(case_id), decision_id))
