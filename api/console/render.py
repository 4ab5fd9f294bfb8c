"""Fills a template and answers with it, compressed where the browser takes that."""

import gzip
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.console import assets, formats, wording
from api.console.marking import visible
from monitor.domain import case_label

_COMPRESS_FROM = 1000


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(assets.FOLDER.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=assets.address, words=wording)
    environment.filters.update(
        label=case_label,
        percent=formats.percent,
        moment=formats.moment,
        clock=formats.clock,
        age=formats.age,
        number=formats.number,
        visible=visible,
    )
    return environment


_templates = _environment()


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """Answer with `template`; `session` among the values makes it a page of somebody signed in."""
    timezone = request.app.state.runtime.settings.timezone
    page = _templates.get_template(template).render(
        {"session": None, "zone": timezone, "page": template.removesuffix(".html")} | values
    )
    return compressed(request, page.encode(), status)


def compressed(request: Request, body: bytes, status: int) -> Response:
    """Lines in district offices are thin: a page goes out at a quarter of its size.

    Compressing beside a secret is safe here: the session cookie is SameSite=Strict, so no foreign
    page can make a browser fetch ours with a guess in it.
    """
    headers = {"Vary": "Accept-Encoding"}
    if len(body) >= _COMPRESS_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media_type="text/html")
