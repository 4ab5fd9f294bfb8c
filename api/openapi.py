"""The OpenAPI document: adds what FastAPI cannot see, as posts are read by hand."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.schemas.posts import AuthorIn, PostIn

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "Jawaban disimpan 24 jam; kunci yang sama memberi jawaban yang sama.",
}


def install(app: FastAPI) -> None:
    def document() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes
    )
    components = document.setdefault("components", {})
    _, extra = models_json_schema(
        [(AuthorIn, "validation"), (PostIn, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    components.setdefault("schemas", {}).update(extra["$defs"])
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for method, operation in methods.items():
            operation["security"] = [{"key": []}]
            if path.startswith("/v1/reports"):
                # Open to everybody; a partner's key only raises the limits.
                operation["security"].insert(0, {})
            if method != "get" and path != "/v1/predict":
                operation.setdefault("parameters", []).append(_KEY)
    return document
