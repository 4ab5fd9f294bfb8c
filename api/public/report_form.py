"""`/lapor`: anybody reports a post. Works without JavaScript, cookies and foreign services."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.console.render import render
from api.deps import RuntimeDep
from api.senders import address_of
from monitor.clock import utcnow
from monitor.errors import FormExpired, InputError, NetraError, ReportsLimited
from monitor.pipeline import public_reports, report_rules
from monitor.pipeline.report_limits import Sender
from monitor.pipeline.report_marks import check_form_token, make_form_token
from monitor.pipeline.report_rules import ReportAsTyped, check_report
from monitor.reference.post_links import LINK_LIMIT
from monitor.runtime import Runtime

PATH = "/lapor"
_LIMITS = {
    "link": LINK_LIMIT,
    "text": report_rules.TEXT_LIMIT,
    "seen": report_rules.SEEN_LIMIT,
    "region": report_rules.REGION_LIMIT,
    "contact": report_rules.CONTACT_LIMIT,
}

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def show_form(request: Request, runtime: RuntimeDep) -> Response:
    return _form(request, runtime, ReportAsTyped())


@router.post(PATH)
def send_report(
    request: Request,
    runtime: RuntimeDep,
    link: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
    seen_at: Annotated[str, Form()] = "",
    region: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
    token: Annotated[str, Form()] = "",
    situs_web: Annotated[str, Form()] = "",
) -> Response:
    typed = ReportAsTyped(link, text, seen, seen_at, region, contact)
    try:
        nonce = _check_form(request, runtime, token, situs_web)
        report = check_report(typed, utcnow(), runtime.zone)
        # Opened only now: what is refused must not hold the one writer of SQLite.
        with runtime.database.write() as connection:
            taken = public_reports.submit(
                connection,
                report,
                sender=Sender(f"address:{address_of(request)}"),
                nonce=nonce,
                key=runtime.key,
            )
    except (InputError, ReportsLimited) as error:
        return _form(request, runtime, typed, error=error, token=token)
    return RedirectResponse(f"{PATH}/{taken.ticket}?baru=1", status_code=303)


def _check_form(request: Request, runtime: Runtime, token: str, trap: str) -> str:
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Else a foreign page could send reports from the addresses of its readers.
        raise FormExpired("Formulir ini dikirim dari situs lain. Periksa isinya, lalu kirim lagi.")
    nonce = check_form_token(runtime.key, token, utcnow())
    if trap.strip():
        # Said, not swallowed: a browser that fills in everything must not lose a true report.
        raise report_rules.refused("situs_web", "Kosongkan kolom terakhir, lalu kirim lagi.")
    return nonce


def _form(
    request: Request,
    runtime: Runtime,
    typed: ReportAsTyped,
    *,
    error: NetraError | None = None,
    token: str = "",
) -> Response:
    keeps = token and error is not None and not isinstance(error, FormExpired)
    answer = render(
        request,
        "lapor.html",
        status=error.status if error else 200,
        typed=asdict(typed),
        limits=_LIMITS,
        error=error.detail if error else "",
        field=str(error.extra.get("field", "")) if error else "",
        # The same token again: the time it was opened, and the number that makes a form one.
        token=token if keeps else make_form_token(runtime.key, utcnow()),
    )
    if isinstance(error, ReportsLimited):
        answer.headers["Retry-After"] = str(int(error.wait.total_seconds()))
    return answer
