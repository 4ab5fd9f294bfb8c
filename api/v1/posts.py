"""`POST /v1/posts`: push posts in; the others go on when one is malformed."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request

from api.deps import PostsWriter, RuntimeDep, Writing
from api.schemas.posts import POSTS_BODY, ItemStatusOut, PostsOut
from api.strict_json import StrictJsonRoute
from monitor.errors import InputError, RefusedPostError
from monitor.pipeline.ingest import ItemStatus, ingest

router = APIRouter(tags=["unggahan"], route_class=StrictJsonRoute)
MAXIMUM_ITEMS = 1000


async def json_body(request: Request) -> Any:
    """Return the decoded body; only a body that is not JSON at all is refused as a whole."""
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise InputError(
            f"Isi kiriman bukan JSON yang sah (baris {error.lineno}, kolom {error.colno})."
        ) from None


def as_items(body: Any) -> list[Any]:
    items = body if isinstance(body, list) else [body]
    if not 0 < len(items) <= MAXIMUM_ITEMS:
        raise InputError(f"Kirim 1 sampai {MAXIMUM_ITEMS} unggahan sekali kirim.")
    return items


@router.post(
    "/posts",
    status_code=202,
    summary="Kirim satu unggahan atau sampai 1.000 sekaligus",
    response_model=PostsOut,
    response_model_exclude_none=True,
    openapi_extra=POSTS_BODY,
    responses={202: {"model": PostsOut}},
)
def send_posts(
    actor: PostsWriter,
    # Before the connection: a body that trickles in must not hold the one writer of SQLite.
    body: Annotated[Any, Depends(json_body)],
    runtime: RuntimeDep,
    connection: Writing,
) -> PostsOut:
    outcome = ingest(connection, as_items(body), key=runtime.key)
    if not isinstance(body, list) and outcome.refused:
        refused = outcome.items[0]
        raise RefusedPostError(
            f"{refused.field}: {refused.reason}" if refused.field else refused.reason,
            field=refused.field,
            reason=refused.reason,
        )
    items = [
        ItemStatusOut(
            id=item.id,
            status=item.status,
            field=item.field or None,
            reason=item.reason or None,
        )
        for item in outcome.items
    ]
    statuses = [item.status for item in outcome.items]
    return PostsOut(
        items=items,
        accepted=statuses.count(ItemStatus.ACCEPTED),
        duplicate=statuses.count(ItemStatus.DUPLICATE),
        refused=statuses.count(ItemStatus.REFUSED),
    )
