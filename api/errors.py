"""Every failure as one shape: RFC 9457 problem documents, or a plain page in the console."""

import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from monitor.errors import NetraError

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    404: ("not_found", "Tidak ditemukan"),
    405: ("method_not_allowed", "Metode tidak diizinkan"),
}

logger = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    app.add_exception_handler(NetraError, _on_netra_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unforeseen)


def problem(status: int, code: str, title: str, detail: str = "", **extra: Any) -> Response:
    body = {"type": "about:blank", "status": status, "code": code, "title": title, **extra}
    if detail:
        body["detail"] = detail
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if "retry_after_seconds" in extra:
        headers["Retry-After"] = str(extra["retry_after_seconds"])
    return Response(
        orjson.dumps(body, default=str), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def netra_problem(error: NetraError) -> Response:
    return problem(error.status, error.code, error.title, error.detail, **error.extra)


def _on_netra_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, NetraError)
    return refusal(request, error)


def refusal(request: Request, error: NetraError) -> Response:
    """Answer with a page to whoever reads pages, with a problem document to everybody else."""
    if error.status >= 500:
        logger.error("request failed", extra={"path": request.url.path, "code": error.code})
    if _wants_page(request):
        return _page(request, error.status, error.title, error.detail)
    return netra_problem(error)


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = [
        {"place": ".".join(str(part) for part in e["loc"]), "reason": _indonesian(e)}
        for e in error.errors()
    ]
    detail = "; ".join(f"{p['place']}: {p['reason']}" for p in places)
    if _wants_page(request):
        return _page(request, 422, "Isian tidak dapat diterima", detail)
    return problem(422, "invalid_input", "Isian tidak dapat diterima", detail, errors=places)


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title = _TITLES.get(error.status_code, ("http_error", "Permintaan tidak dapat dilayani"))
    if _wants_page(request):
        return _page(
            request, error.status_code, title, "Periksa alamatnya, atau kembali ke antrean."
        )
    return problem(error.status_code, code, title)


def _on_unforeseen(request: Request, error: Exception) -> Response:
    logger.error("unforeseen failure", exc_info=error, extra={"path": request.url.path})
    title = "Terjadi kesalahan di sistem"
    detail = "Kesalahan tercatat. Coba lagi; bila berulang, hubungi administrator."
    if _wants_page(request):
        return _page(request, 500, title, detail)
    return problem(500, "internal_error", title, detail)


def _wants_page(request: Request) -> bool:
    path = request.url.path
    outside = path.startswith("/v1/") or path in ("/healthz", "/readyz", "/metrics")
    return not outside and "text/html" in request.headers.get("accept", "")


def _page(request: Request, status: int, title: str, detail: str) -> Response:
    from api.console.render import render

    return render(request, "galat.html", status=status, title=title, detail=detail)


_REASONS = {
    "missing": "wajib diisi",
    "json_invalid": "bukan JSON yang sah",
    "string_type": "harus berupa teks",
    "int_type": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "float_parsing": "harus angka",
    "bool_parsing": "harus true atau false",
    "list_type": "harus berupa daftar",
    "dict_type": "harus berupa objek",
    "model_attributes_type": "harus berupa objek",
    "datetime_from_date_parsing": "harus waktu ISO 8601",
    "datetime_parsing": "harus waktu ISO 8601",
    "timezone_aware": "harus memuat selisih zona waktu",
    "extra_forbidden": "tidak dikenal",
}


def _indonesian(error: Any) -> str:
    kind, context = error["type"], error.get("ctx") or {}
    if kind in ("enum", "literal_error"):
        return "pilihan: " + str(context.get("expected", "")).replace(" or ", " atau ")
    if kind in ("greater_than_equal", "less_than_equal", "too_long", "string_too_long"):
        least, most = context.get("ge"), context.get("le", context.get("max_length"))
        return f"paling sedikit {least}" if least is not None else f"paling banyak {most}"
    if kind == "value_error":
        return str(context.get("error", "tidak sah"))
    return _REASONS.get(kind, "tidak sah")
