"""`POST /v1/predict`: score posts without keeping them. The gate always applies."""

from typing import Any

from fastapi import APIRouter, Depends, Response
from orjson import dumps

from api.deps import PostsWriter, RuntimeDep
from api.schemas.posts import POSTS_BODY
from api.strict_json import StrictJsonRoute
from api.v1.posts import as_items, json_body
from models.errors import PostError
from models.post import Post, parse_post
from monitor.errors import RefusedPostError

router = APIRouter(tags=["unggahan"], route_class=StrictJsonRoute)


@router.post("/predict", summary="Nilai tanpa menyimpan", openapi_extra=POSTS_BODY)
def predict(actor: PostsWriter, runtime: RuntimeDep, body: Any = Depends(json_body)) -> Response:
    posts: list[Post] = []
    for position, item in enumerate(as_items(body)):
        try:
            posts.append(parse_post(item))
        except PostError as error:
            raise RefusedPostError(
                str(error), field=error.field, reason=error.reason, position=position
            ) from None
    predictions = [p.to_dict() for p in runtime.classifier.get().predict(posts)]
    answer = {"items": predictions} if isinstance(body, list) else predictions[0]
    return Response(dumps(answer), media_type="application/json")
