"""Builds the web application: middleware, routers, error handling."""

from fastapi import FastAPI

from api import errors, openapi, security
from api.console.router import router as console_router
from api.health import router as health_router
from api.idempotency import IdempotencyKeys
from api.public.router import router as public_router
from api.v1.router import router as v1_router
from monitor.runtime import Runtime, open_runtime
from monitor.settings import load_settings

VERSION = "1.0.0"


def create_app(runtime: Runtime | None = None) -> FastAPI:
    """Return the application for `runtime`, or for the installation the environment names."""
    app = FastAPI(
        title="Netra",
        version=VERSION,
        summary="Dugaan keberpihakan ASN di unggahan publik: kirim, nilai, tinjau, tarik.",
        openapi_url="/v1/openapi.json",
        # The usual pages load their scripts from a foreign host; ours must not.
        docs_url=None,
        redoc_url=None,
    )
    app.state.runtime = runtime or open_runtime(load_settings())
    errors.install(app)
    # Middleware added last runs first: headers, then the size limit, then idempotency.
    app.add_middleware(IdempotencyKeys, runtime=app.state.runtime)
    security.install(app)
    openapi.install(app)
    app.include_router(health_router)
    app.include_router(v1_router)
    app.include_router(public_router)
    app.include_router(console_router)
    return app
