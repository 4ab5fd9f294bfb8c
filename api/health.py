"""Liveness, readiness and Prometheus numbers; no text of a post, no name."""

from typing import Any

import orjson
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.deps import RuntimeDep
from monitor import metrics
from monitor.errors import ModelUnavailable, NetraError, UnavailableError
from monitor.runtime import Runtime
from monitor.storage.migrate import schema_state

router = APIRouter(tags=["kesehatan"])


@router.get("/healthz", summary="Proses hidup")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Siap: basis data, skema, model")
def readyz(runtime: RuntimeDep) -> Response:
    checks = {
        "database": _database(runtime),
        "migrations": _migrations(runtime),
        "model": _model(runtime),
    }
    ready = all(check["ok"] for check in checks.values())
    return Response(
        orjson.dumps({"status": "ok" if ready else "unavailable", "checks": checks}),
        status_code=200 if ready else 503,
        media_type="application/json",
    )


@router.get("/metrics", summary="Angka untuk Prometheus")
def prometheus(runtime: RuntimeDep) -> Response:
    return Response(generate_latest(metrics.registry_for(runtime)), media_type=CONTENT_TYPE_LATEST)


def _database(runtime: Runtime) -> dict[str, Any]:
    return {"ok": runtime.database.is_reachable()}


def _migrations(runtime: Runtime) -> dict[str, Any]:
    try:
        state = schema_state(runtime.database)
    except NetraError:
        return {"ok": False}
    return {"ok": state.is_newest, "current": state.current, "newest": state.newest}


def _model(runtime: Runtime) -> dict[str, Any]:
    try:
        return {"ok": True, "version": runtime.classifier.get().model_version}
    except (ModelUnavailable, UnavailableError) as error:
        return {"ok": False, "detail": error.detail}
