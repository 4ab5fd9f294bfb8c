"""A case taken apart for display: fields with their marks, reasons, evidence, what may clear it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.console import wording
from api.console.marking import Piece, Span, cut, visible
from monitor.domain import Case
from monitor.reference.regions import region_name

REASON, SIGN, COUNTER = "alasan", "asn", "sebaliknya"
_PROFILE = ("author.name", "author.handle", "author.bio", "author.location")
_COUNTS = {"likes": "suka", "replies": "balasan", "shares": "dibagikan", "views": "dilihat"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A place the model points at: what it is called, where it stands, the words themselves."""

    name: str
    field: str
    text: str
    anchor: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    fields: Mapping[str, list[Piece]]
    profile: tuple[tuple[str, list[Piece]], ...]
    reasons: tuple[Quote, ...]
    signs: tuple[Quote, ...]
    counters: tuple[Quote, ...]
    asn: Mapping[str, Any]
    stance: Mapping[str, Any] | None
    targets: tuple[str, ...]
    model_version: str
    region: str
    platform: str
    url: str
    counts: tuple[tuple[str, int], ...]


def view_of(case: Case) -> CaseView:
    prediction, texts = case.prediction, _texts(case.post)
    asn = prediction.get("asn") or {}
    reasons = _by_weight(prediction.get("reasons") or ())
    against = [*(asn.get("counter") or ()), *(prediction.get("counter") or ())]
    spans = [
        *_spans(reasons, REASON),
        *_spans(asn.get("evidence") or (), SIGN),
        *_spans(against, COUNTER),
    ]
    pieces = {
        name: cut(text, (span for field, span in spans if field == name))
        for name, text in texts.items()
    }
    return CaseView(
        fields=pieces,
        profile=tuple((wording.FIELDS[n], pieces[n]) for n in _PROFILE if n in pieces),
        reasons=tuple(_quotes(reasons, texts, REASON, {})),
        signs=tuple(_quotes(asn.get("evidence") or (), texts, SIGN, wording.ASN_KINDS)),
        counters=tuple(_quotes(against, texts, COUNTER, wording.COUNTERS)),
        asn=asn,
        stance=_stance(prediction),
        targets=tuple(visible(target) for target in prediction.get("targets") or ()),
        model_version=prediction.get("model_version") or "",
        region=region_name(case.region),
        platform=wording.named(wording.PLATFORMS, case.post["platform"]),
        url=_link(case.post.get("url")),
        counts=tuple((name, case.post[key]) for key, name in _COUNTS.items() if case.post.get(key)),
    )


def _texts(post: Mapping[str, Any]) -> dict[str, str]:
    """Return every field in which a span may lie, as received."""
    author = post.get("author") or {}
    texts = {name: author.get(name.removeprefix("author.")) for name in _PROFILE}
    texts |= {name: post.get(name) for name in ("text", "media_alt", "reply_to")}
    return {name: text for name, text in texts.items() if text}


def _by_weight(reasons: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(reasons, key=lambda reason: -(reason.get("weight") or 0))


def _anchor(kind: str, number: int) -> str:
    return f"{kind}-{number}"


def _spans(found: Iterable[Mapping[str, Any]], kind: str) -> list[tuple[str, Span]]:
    return [
        (item["field"], Span(item["start"], item["end"], kind, _anchor(kind, number)))
        for number, item in enumerate(found, 1)
    ]


def _quotes(
    found: Iterable[Mapping[str, Any]],
    texts: Mapping[str, str],
    kind: str,
    names: dict[str, str],
) -> Iterable[Quote]:
    for number, item in enumerate(found, 1):
        text = texts.get(item["field"], "")
        yield Quote(
            name=wording.named(names, item.get("kind", "")),
            field=wording.named(wording.FIELDS, item["field"]),
            text=visible(text[item["start"] : item["end"]]),
            anchor=_anchor(kind, number) if item["start"] < len(text) else "",
            score=item.get("weight"),
        )


def _stance(prediction: Mapping[str, Any]) -> Mapping[str, Any] | None:
    stance = prediction.get("stance")
    if not stance:
        return None
    return {"label": stance["label"], "score": (stance.get("scores") or {}).get(stance["label"])}


def _link(url: Any) -> str:
    """Only what a browser may open; the address was checked on the way in, and again here."""
    return url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""
