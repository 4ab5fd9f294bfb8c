"""`/v1/cases`: list, read, claim, renew, release."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.deps import CasesReader, CasesWriter, Reading, Writing
from api.pagination import DEFAULT_LIMIT, MAXIMUM_LIMIT, decode_position, encode_position
from api.schemas.cases import CaseDetailOut, CasesOut, case_detail_out, case_out
from api.schemas.common import CleanText
from api.strict_json import StrictJsonRoute
from models.labels import Act
from monitor.domain import CaseStatus, parse_case_label
from monitor.errors import InputError, NotFoundError
from monitor.review import queues
from monitor.storage.cases import CaseFilter, QueuePosition, list_cases

router = APIRouter(prefix="/cases", tags=["kasus"], route_class=StrictJsonRoute)


def case_number(case_id: str) -> int:
    number = parse_case_label(case_id)
    if number is None:
        raise NotFoundError(f"{case_id!r} bukan nomor kasus; contoh: K-000042.")
    return number


@router.get("", summary="Daftar kasus, risiko tertinggi lebih dahulu")
def read_cases(
    actor: CasesReader,
    connection: Reading,
    status: Annotated[list[CaseStatus] | None, Query()] = None,
    region: Annotated[CleanText, Query(max_length=16)] = "",
    act: Act | None = None,
    min_risk: Annotated[float | None, Query(ge=0, le=1)] = None,
    posted_after: datetime | None = None,
    assigned_to: Annotated[CleanText, Query(max_length=64)] = "",
    q: Annotated[CleanText, Query(max_length=200)] = "",
    sample: bool | None = None,
    cursor: Annotated[CleanText, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_LIMIT)] = DEFAULT_LIMIT,
) -> CasesOut:
    if posted_after is not None and posted_after.tzinfo is None:
        raise InputError("posted_after harus memuat selisih zona waktu, misalnya +07:00.")
    wanted = CaseFilter(
        statuses=status or (),
        region=region,
        act=act or "",
        min_risk=min_risk,
        posted_after=posted_after,
        assigned_to=assigned_to,
        q=q,
        sample=sample,
    )
    after = decode_position(cursor) if cursor else None
    found = list_cases(connection, wanted, after=after, limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    last = QueuePosition(page[-1].priority, page[-1].id) if more else None
    return CasesOut(
        items=[case_out(case) for case in page],
        next_cursor=encode_position(last) if last else None,
    )


@router.post(
    "/claim",
    summary="Ambil kasus berikutnya",
    response_model=CaseDetailOut,
    responses={204: {"description": "Antrean kosong"}},
)
def claim(actor: CasesWriter, connection: Writing) -> object:
    case = queues.claim_next(connection, actor)
    if case is None:
        return Response(status_code=204)
    return case_detail_out(case)


@router.get(
    "/{case_id}",
    summary="Satu kasus dengan bukti dan keputusannya",
    response_model=CaseDetailOut,
    responses={304: {"description": "Belum berubah sejak ETag yang disebut"}},
)
def read_case(
    case_id: str,
    actor: CasesReader,
    connection: Reading,
    response: Response,
    if_none_match: Annotated[str, Header()] = "",
) -> object:
    case = queues.get_case(connection, case_number(case_id))
    tag = f'"{case.version}"'
    if tag in [known.strip() for known in if_none_match.split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return case_detail_out(case)


@router.post("/{case_id}/renew", summary="Perpanjang pegangan")
def renew(case_id: str, actor: CasesWriter, connection: Writing) -> CaseDetailOut:
    return case_detail_out(queues.renew_lease(connection, actor, case_number(case_id)))


@router.post("/{case_id}/release", summary="Kembalikan ke antrean")
def release(case_id: str, actor: CasesWriter, connection: Writing) -> CaseDetailOut:
    return case_detail_out(queues.release_lease(connection, actor, case_number(case_id)))
