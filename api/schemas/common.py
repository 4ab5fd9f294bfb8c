"""Shapes that several resources share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("memuat karakter NUL")
    return value


CleanText = Annotated[str, AfterValidator(_without_nul)]


class RequestModel(BaseModel):
    """What is sent: an unknown field is a mistake of the caller and is named, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457 problem document; `code` is stable, `title` is Indonesian."""

    type: str = "about:blank"
    status: int
    code: str
    title: str
    detail: str | None = None


PROBLEM_RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for status, text in {
        401: "Belum masuk atau kunci tidak berlaku",
        403: "Tidak berwenang",
        422: "Isian tidak dapat diterima",
    }.items()
}
