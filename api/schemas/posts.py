"""Posts as sent, documented for OpenAPI; `models.post` does the checking."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from models.labels import Platform


class AuthorIn(BaseModel):
    model_config = ConfigDict(extra="allow")

    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    location: str | None = None


class PostIn(BaseModel):
    """One public post; unknown fields are kept and ignored."""

    model_config = ConfigDict(extra="allow")

    id: str
    platform: Platform
    text: str = Field(max_length=20_000)
    posted_at: datetime | None = None
    url: str | None = None
    author: AuthorIn | None = None
    media_alt: str | None = None
    reply_to: str | None = None
    shares: int | None = Field(default=None, ge=0)
    likes: int | None = Field(default=None, ge=0)
    replies: int | None = Field(default=None, ge=0)
    views: int | None = Field(default=None, ge=0)
    region: str | None = None


class ItemStatusOut(BaseModel):
    """What became of one item; whether it passed the gate is not told."""

    id: str | None
    status: str
    field: str | None = None
    reason: str | None = None


class PostsOut(BaseModel):
    items: list[ItemStatusOut]
    accepted: int
    duplicate: int
    refused: int


# The body is read by hand so that one malformed post never hides the others; this is its shape.
POSTS_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/PostIn"},
                        {
                            "type": "array",
                            "maxItems": 1000,
                            "items": {"$ref": "#/components/schemas/PostIn"},
                        },
                    ]
                }
            }
        },
    }
}
