"""Style sheet and script, served from here alone, under an address that changes with them."""

import gzip
import hashlib
from pathlib import Path

from fastapi import APIRouter, Request, Response

from monitor.errors import NotFoundError

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in _TYPES}
_PACKED = {name: gzip.compress(body, mtime=0) for name, body in _FILES.items()}
_VERSIONS = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in _FILES.items()}

router = APIRouter(include_in_schema=False)


def address(name: str) -> str:
    """Return the path of a file; its version lets a browser keep it for good."""
    return f"/aset/{name}?v={_VERSIONS[name]}"


@router.get("/aset/{name}")
def read_asset(name: str, request: Request) -> Response:
    if name not in _FILES:
        raise NotFoundError("Berkas itu tidak ada.")
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    body = _FILES[name]
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = _PACKED[name], "gzip"
    return Response(body, headers=headers, media_type=_TYPES[Path(name).suffix])
