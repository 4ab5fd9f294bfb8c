"""What a form on the page of a report does; every step is logged."""

from typing import Annotated

from fastapi import Form, Request, Response

from api.console import notices
from api.console.report_page import render_report
from api.console.reports_page import PATH
from api.console.routing import SessionDep, SignedActor, console_router, redirect
from api.deps import RuntimeDep, Writing
from api.schemas.common import CleanText
from models.post import AUTHOR_LIMITS, TEXT_LIMIT
from monitor.errors import InputError
from monitor.pipeline import report_desk
from monitor.pipeline.public_reports import get_report
from monitor.pipeline.report_desk import Reason, SeenPost

router = console_router()


@router.post(f"{PATH}/{{ticket}}/status")
def change_status(
    request: Request,
    ticket: CleanText,
    session: SessionDep,
    actor: SignedActor,
    connection: Writing,
    step: Annotated[CleanText, Form(max_length=16)],
    reason: Annotated[CleanText, Form(max_length=32)] = "",
    case: Annotated[CleanText, Form(max_length=16)] = "",
) -> Response:
    try:
        if step == "looking":
            report_desk.take_up(connection, actor, ticket)
        elif step == "case":
            report_desk.became_case(connection, actor, ticket, case)
        elif step == "refused" and reason in set(Reason):
            report_desk.refuse(connection, actor, ticket, Reason(reason))
        else:
            raise InputError("Pilih alasannya dari daftar, lalu tekan tombolnya lagi.")
    except InputError as error:
        report = get_report(connection, ticket)
        return render_report(
            request, session, actor, connection, report, error=error.detail, status=error.status
        )
    return redirect(f"{PATH}/{ticket}?pesan={notices.REPORT_CHANGED}")


@router.post(f"{PATH}/{{ticket}}/isi")
def enter_post(
    request: Request,
    ticket: CleanText,
    session: SessionDep,
    actor: SignedActor,
    runtime: RuntimeDep,
    connection: Writing,
    text: Annotated[CleanText, Form(max_length=TEXT_LIMIT)] = "",
    handle: Annotated[CleanText, Form(max_length=AUTHOR_LIMITS["handle"])] = "",
    name: Annotated[CleanText, Form(max_length=AUTHOR_LIMITS["name"])] = "",
    bio: Annotated[CleanText, Form(max_length=AUTHOR_LIMITS["bio"])] = "",
    location: Annotated[CleanText, Form(max_length=AUTHOR_LIMITS["location"])] = "",
) -> Response:
    parts = (part.strip() for part in (text, handle, name, bio, location))
    try:
        report_desk.enter_post(connection, actor, ticket, SeenPost(*parts), key=runtime.key)
    except InputError as error:
        report = get_report(connection, ticket)
        return render_report(
            request, session, actor, connection, report, error=error.detail, status=error.status
        )
    return redirect(f"{PATH}/{ticket}?pesan={notices.REPORT_ENTERED}")


@router.post(f"{PATH}/{{ticket}}/kontak")
def show_contact(
    request: Request,
    ticket: CleanText,
    session: SessionDep,
    actor: SignedActor,
    connection: Writing,
) -> Response:
    report = report_desk.show_contact(connection, actor, ticket)
    shown = report.contact or "Pelapor tidak meninggalkan kontak, atau sudah dihapus."
    return render_report(request, session, actor, connection, report, contact=shown)
