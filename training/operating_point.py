"""From held-out probabilities to thresholds and risk: where an artifact tells and where it asks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.labels import Act, AsnLabel
from models.linear import Floats, LinearClassifier, softmax
from models.risk import RiskModel
from models.thresholds import Thresholds
from training.calibrate import (
    COST_MISSED,
    COST_MISSED_POST_ONLY,
    COST_WRONG,
    COST_WRONG_POST_ONLY,
    best_threshold,
    fit_risk,
)
from training.dataset import Example

_ACT_COST = 1.0
# Share of sentences about civil servants that may be told to be by one.
TALK_TOLD = 0.01


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A held-out post on which the author model was asked, with both probabilities."""

    example: Example
    in_profile: bool
    p_asn: float
    p_partisan: float


def operating_point(
    judged: Sequence[HeldOut], acts: dict[Act, float]
) -> tuple[Thresholds, RiskModel]:
    """Choose the thresholds of author and stance, and fit the risk, on posts with authors."""
    ours = [row for row in judged if not row.example.real]
    thresholds = Thresholds(
        asn=_asn_threshold([r for r in judged if r.in_profile], COST_MISSED, COST_WRONG),
        asn_post_only=_asn_threshold(
            [r for r in judged if not r.in_profile], COST_MISSED_POST_ONLY, COST_WRONG_POST_ONLY
        ),
        stance=best_threshold(
            np.array([row.p_partisan for row in ours]),
            [row.example.gold.partisan for row in ours],
        ),
        acts=acts,
    )
    risk = fit_risk(
        np.array([row.p_asn for row in ours]),
        np.array([row.p_partisan for row in ours]),
        [row.example.gold.flag for row in ours],
    )
    return thresholds, risk


def talk_floor(author: LinearClassifier, talk: Sequence[Floats | None]) -> float:
    """Return the score that all but one in a hundred sentences *about* civil servants stay below.

    `talk` are raw author scores of such sentences by people who are none, each unseen by the
    model that scored it; None where it was not asked. Below this a post without a sign in the
    profile must not be told to be by a civil servant, whatever the labelled posts say: they hold
    few such sentences, life holds little else.
    """
    if not talk:
        return 0.0
    none = author.classes.index(AsnLabel.NONE.value)
    scores = [
        0.0 if row is None else 1.0 - softmax((row * author.slope + author.shift)[None])[0, none]
        for row in talk
    ]
    return round(float(np.quantile(scores, 1.0 - TALK_TOLD, method="higher")), 3)


def act_thresholds(
    classes: Sequence[str], raw: Floats, flagged: Sequence[Example]
) -> dict[Act, float]:
    """Choose the threshold of each act; `raw` are logits (n flagged posts × n classes)."""
    thresholds: dict[Act, float] = {}
    for column, name in enumerate(classes):
        truth = [Act(name) in e.gold.acts for e in flagged]
        thresholds[Act(name)] = best_threshold(
            1.0 / (1.0 + np.exp(-raw[:, column])), truth, missed=_ACT_COST, wrong=_ACT_COST
        )
    return thresholds


def _asn_threshold(rows: Sequence[HeldOut], missed: float, wrong: float) -> float:
    truth = [row.example.gold.asn not in (None, AsnLabel.NONE) for row in rows]
    return best_threshold(np.array([row.p_asn for row in rows]), truth, missed=missed, wrong=wrong)
