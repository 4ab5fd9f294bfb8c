"""Labelled posts, predictions and judgements for tests of the measures: small and made by hand."""

import itertools
from typing import Any

from models.labels import AsnLabel, Stance
from models.post import parse_post
from models.prediction import AsnJudgement, Prediction, StanceJudgement
from training.dataset import Example, Gold
from training.evaluate import Judged

_numbers = itertools.count(1)


def make_example(
    text: str = "Selamat pagi",
    *,
    stance: str = "none",
    asn: str | None = "none",
    lang: str = "id",
    bio: str | None = "PNS",
    **meta: Any,
) -> Example:
    """A labelled post; `asn=None` and `bio=None` for data without authors."""
    item: dict[str, Any] = {"id": f"p{next(_numbers)}", "platform": "x", "text": text}
    if bio is not None:
        item["author"] = {"bio": bio}
    gold = Gold(Stance(stance), None if asn is None else AsnLabel(asn), lang=lang)
    return Example(parse_post(item), gold, meta)


def make_prediction(
    *, p_partisan: float = 0.1, asn: str = "none", risk: float | None = None, gate: str = "on"
) -> Prediction:
    """A prediction whose flag follows from its labels, at a threshold of one half."""
    label = Stance.SUPPORT if p_partisan >= 0.5 else Stance.NONE
    scores = {Stance.SUPPORT: p_partisan, Stance.OPPOSE: 0.0, Stance.NONE: 1 - p_partisan}
    shown = asn != "none"
    return Prediction(
        id="p",
        flag=shown and label is not Stance.NONE,
        risk=risk if shown else None,
        asn=AsnJudgement(AsnLabel(asn), 0.9 if shown else 0.1),
        stance=StanceJudgement(label, scores) if shown or gate == "off" else None,
        acts=(),
        targets=(),
        reasons=(),
        counter=(),
        lang="id",
        model_version="uji@1",
        gate=gate,
    )


def make_judged(
    example: Example,
    *,
    p_partisan: float = 0.1,
    asn: str = "none",
    risk: float | None = None,
    passed_gate: bool = True,
    ungated: float | None = None,
) -> Judged:
    """A judged post; `ungated` is what the stance model says alone, where that differs."""
    alone = make_prediction(p_partisan=p_partisan if ungated is None else ungated, gate="off")
    told = make_prediction(p_partisan=p_partisan, asn=asn, risk=risk)
    has_author = example.gold.asn is not None
    return Judged(example, told if has_author else None, alone, passed_gate if has_author else None)
