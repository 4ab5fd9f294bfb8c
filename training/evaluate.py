"""Compare a cascade with gold labels: flag, ASN and stance apart, by group and by language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.cascade import Cascade
from models.labels import AsnLabel
from models.prediction import Prediction
from training.contrast import MOVING, groups_moved, groups_right, is_contrast
from training.dataset import Example
from training.intervals import f1, interval, several, yes_no
from training.reliability import reliability
from training.stage_loss import failure_kinds, stage_losses

# A group or language with fewer posts gives an interval as wide as the scale.
_SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """An example with the prediction as users get it, and the stance alone (gate off).

    `passed_gate` is None where the data have no authors.
    """

    example: Example
    prediction: Prediction | None
    ungated: Prediction
    passed_gate: bool | None = None

    @property
    def told_asn(self) -> str:
        """Return the ASN label told; none where the data have no authors."""
        return (self.prediction.asn.label if self.prediction else AsnLabel.NONE).value

    @property
    def told_stance(self) -> str:
        """Return the stance told when the gate is off."""
        assert self.ungated.stance is not None
        return self.ungated.stance.label.value

    @property
    def flagged(self) -> bool:
        """Tell whether the post was flagged."""
        return self.prediction is not None and self.prediction.flag


def judge_all(cascade: Cascade, examples: Sequence[Example]) -> list[Judged]:
    """Run the cascade on labelled posts, with the gate and, for the stance alone, without."""
    posts = [e.post for e in examples]
    ungated = cascade.predict(posts, gate=False)
    has_authors = all(e.gold.asn is not None for e in examples)
    gated: Sequence[Prediction | None]
    gated = cascade.predict(posts, explain=False) if has_authors else [None] * len(posts)
    passed = [cascade.gate.passes(post) if has_authors else None for post in posts]
    return [Judged(*row) for row in zip(examples, gated, ungated, passed, strict=True)]


def risks(judged: Sequence[Judged]) -> list[tuple[float, bool]]:
    """Return (risk, gold flag) of every post that got a risk."""
    return [
        (j.prediction.risk, j.example.gold.flag)
        for j in judged
        if j.prediction is not None and j.prediction.risk is not None
    ]


def measure(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the metrics of one file, as written to `metrics.json`.

    `flag` and `asn` only where every post has a gold ASN label.
    """
    metrics: dict[str, Any] = {
        "posts": len(judged),
        "stance": several(
            [j.example.gold.stance.value for j in judged], [j.told_stance for j in judged]
        ),
    }
    if judged and all(j.example.gold.asn is not None for j in judged):
        metrics.update(_with_authors(judged))
        metrics["by_group"] = _by(judged, lambda j: str(j.example.meta.get("group", "")))
        if is_contrast([j.example for j in judged]):
            metrics["contrast"] = _contrast(judged)
    metrics["by_language"] = _by(judged, lambda j: j.example.gold.lang)
    return metrics


def _with_authors(judged: Sequence[Judged]) -> dict[str, Any]:
    gold_asn = [(j.example.gold.asn or AsnLabel.NONE).value for j in judged]
    shown = [j for j in judged if j.example.gold.asn is not AsnLabel.NONE]
    evasive = [j for j in judged if j.example.meta.get("evasion")]
    return {
        "flag": yes_no([j.example.gold.flag for j in judged], [j.flagged for j in judged]),
        "asn": yes_no(
            [label != AsnLabel.NONE for label in gold_asn],
            [j.told_asn != AsnLabel.NONE for j in judged],
        ),
        "asn_labels": several(gold_asn, [j.told_asn for j in judged]),
        "stance_of_asn": several(
            [j.example.gold.stance.value for j in shown], [j.told_stance for j in shown]
        ),
        "flag_when_evasive": yes_no(
            [j.example.gold.flag for j in evasive], [j.flagged for j in evasive]
        ),
        "acts_micro_f1": _acts(judged),
        "lang_accuracy": _language(judged),
        "calibration": reliability(
            risks(judged), posts=len(judged), confirmed=sum(j.example.gold.flag for j in judged)
        ),
        "stages": stage_losses(judged),
        "failure_kinds": failure_kinds(judged),
        # One digit a post, in the order of the file: two models can be compared post by post.
        "decisions": {
            "gold": _digits([j.example.gold.flag for j in judged]),
            "told": _digits([j.flagged for j in judged]),
        },
    }


def _digits(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)


def _contrast(judged: Sequence[Judged]) -> dict[str, Any]:
    """Groups right in every variant where a label moves; groups whose answer moves and must not."""
    moving = [j for j in judged if j.example.meta.get("axis") in MOVING]
    still = [j for j in judged if j.example.meta.get("axis") not in MOVING]
    examples = [j.example for j in moving]
    axes = sorted({str(j.example.meta.get("axis")) for j in still})
    return {
        "flag_right": groups_right(
            examples, [e.gold.flag for e in examples], [j.flagged for j in moving]
        ),
        "stance_right": groups_right(
            examples, [e.gold.stance.value for e in examples], [j.told_stance for j in moving]
        ),
        "asn_right": groups_right(
            examples,
            [e.gold.asn is not AsnLabel.NONE for e in examples],
            [j.told_asn != AsnLabel.NONE for j in moving],
        ),
        "moved": {
            axis: _moved([j for j in still if axis in ("all", j.example.meta.get("axis"))])
            for axis in ("all", *axes)
        },
    }


def _moved(judged: Sequence[Judged]) -> dict[str, Any]:
    examples = [j.example for j in judged]
    return {
        "flag": groups_moved(examples, [j.flagged for j in judged]),
        "labels": groups_moved(
            examples, [(j.told_stance, j.told_asn != AsnLabel.NONE) for j in judged]
        ),
    }


def _by(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, Any]:
    groups: dict[str, list[Judged]] = {}
    for item in judged:
        groups.setdefault(key(item), []).append(item)
    return {
        name: {
            "posts": len(items),
            "flag": yes_no([j.example.gold.flag for j in items], [j.flagged for j in items]),
            "stance_macro_f1": several(
                [j.example.gold.stance.value for j in items], [j.told_stance for j in items]
            )["macro_f1"],
        }
        for name, items in sorted(groups.items())
        if name and len(items) >= _SMALLEST_GROUP
    }


def _acts(judged: Sequence[Judged]) -> dict[str, float | None]:
    """F1 over (post, act) pairs of rightly flagged posts."""
    gold: list[bool] = []
    told: list[bool] = []
    for item in judged:
        if item.prediction is None or not (item.flagged and item.example.gold.flag):
            continue
        said = {score.act for score in item.prediction.acts}
        for act in said | set(item.example.gold.acts):
            gold.append(act in item.example.gold.acts)
            told.append(act in said)
    return interval(gold, told, f1)


def _language(judged: Sequence[Judged]) -> float | None:
    known = [j for j in judged if j.example.gold.lang]
    right = sum(j.ungated.lang == j.example.gold.lang for j in known)
    return round(right / len(known), 4) if known else None
