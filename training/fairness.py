"""Does the watcher stay neutral? Rates by group, and what swapping a name does to the score.

Two views of a swap (rule 7): P(support or oppose) with the gate off, and risk and flag through
the whole cascade as users get them. A post the gate or the author model stops has no risk; it
counts as zero.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.cascade import Cascade
from models.labels import Stance
from models.linear import Floats
from models.post import Post
from models.prediction import Prediction
from training.counterfactual import AXES, Swap, swaps
from training.dataset import Example
from training.group_rates import rates_by_group
from training.intervals import wilson

_WORST = 10
_BATCH = 2_000


def measure_fairness(cascade: Cascade, examples: Sequence[Example]) -> dict[str, Any]:
    """Return the counterfactual test by axis and, for posts with authors, rates by group.

    `overall` and each axis: `swaps`, `mean_change`, `largest_change`, `flips` (stance, gate
    off); where posts have authors also the change of risk and the flags that flip.
    """
    result = counterfactual_change(cascade, examples)
    judged = [e for e in examples if e.gold.asn is not None]
    if judged:
        flagged = [p.flag for p in _predictions(cascade, [e.post for e in judged])]
        result["by_group"] = rates_by_group(judged, flagged)
    return result


def counterfactual_change(cascade: Cascade, examples: Sequence[Example]) -> dict[str, Any]:
    """Measure every swap of every post, per axis and overall, and name the worst ten by id."""
    made = swaps(examples)
    if not made:
        return {"overall": {"swaps": 0}}
    table = _Changes(cascade, made)
    axes = np.array([swap.axis for swap in made])
    gated = np.array([swap.original.has_author for swap in made])
    result = {"overall": table.summary(np.ones(len(made), dtype=bool), gated)}
    for axis in AXES:
        result[axis] = table.summary(axes == axis, gated)
    return {**result, "worst": table.worst()}


class _Changes:
    """Scores of every swap before and after, each original scored once."""

    def __init__(self, cascade: Cascade, made: Sequence[Swap]) -> None:
        originals = list({id(swap.original): swap.original for swap in made}.values())
        place = {id(post): position for position, post in enumerate(originals)}
        index = np.array([place[id(swap.original)] for swap in made])
        swapped = [swap.swapped for swap in made]
        threshold = cascade.stance.threshold
        before, after = _partisan(cascade, originals)[index], _partisan(cascade, swapped)
        self.swaps = made
        self.partisan = np.abs(before - after)
        self.flips = (before >= threshold) != (after >= threshold)
        old_risk, old_flag = _risks(cascade, originals)
        new_risk, new_flag = _risks(cascade, swapped)
        self.scored = (old_risk[index] > 0) | (new_risk > 0)
        self.risk = np.abs(old_risk[index] - new_risk)
        self.flagged = old_flag[index] | new_flag
        self.flag_flips = old_flag[index] != new_flag

    def summary(self, rows: Any, gated: Any) -> dict[str, Any]:
        """Summarise some of the swaps; `gated` marks those of posts with an author."""
        if not rows.any():
            return {"swaps": 0}
        shown: dict[str, Any] = {
            "swaps": int(rows.sum()),
            "mean_change": round(float(self.partisan[rows].mean()), 4),
            "largest_change": round(float(self.partisan[rows].max()), 4),
            "flips": int(self.flips[rows].sum()),
        }
        whole = rows & gated
        scored = whole & self.scored
        if not whole.any():
            return shown
        flags, flipped = int((whole & self.flagged).sum()), int((whole & self.flag_flips).sum())
        return shown | {
            "swaps_through_cascade": int(whole.sum()),
            "swaps_with_risk": int(scored.sum()),
            "risk_mean_change": round(float(self.risk[scored].mean()), 4) if scored.any() else None,
            "risk_largest_change": round(float(self.risk[whole].max()), 4),
            # Flagged before the swap, after it, or both times.
            "flags": flags,
            "flags_flipped": flipped,
            "share_of_flags_flipped": wilson(flipped, flags),
            "share_of_decisions_flipped": wilson(flipped, int(whole.sum())),
        }

    def worst(self) -> list[dict[str, Any]]:
        """Return the ten swaps that moved most: a flipped flag first, then risk, then stance."""
        order = np.lexsort((-self.partisan, -self.risk, ~self.flag_flips))[:_WORST]
        return [
            {
                "id": self.swaps[row].original.id,
                "axis": self.swaps[row].axis,
                "risk_change": round(float(self.risk[row]), 4),
                "change": round(float(self.partisan[row]), 4),
                "flag_flipped": bool(self.flag_flips[row]),
            }
            for row in order
        ]


def _predictions(cascade: Cascade, posts: Sequence[Post], **gate: bool) -> list[Prediction]:
    found: list[Prediction] = []
    for first in range(0, len(posts), _BATCH):
        found.extend(cascade.predict(posts[first : first + _BATCH], explain=False, **gate))
    return found


def _partisan(cascade: Cascade, posts: Sequence[Post]) -> Floats:
    told = [prediction.stance for prediction in _predictions(cascade, posts, gate=False)]
    return np.array([1.0 - stance.scores[Stance.NONE] for stance in told if stance is not None])


def _risks(cascade: Cascade, posts: Sequence[Post]) -> tuple[Floats, Any]:
    """Return risk (0 where there is none) and flag of each post through the whole cascade.

    The profile decides first: posts without an author are not asked, as they get no risk.
    """
    risk, flag = np.zeros(len(posts)), np.zeros(len(posts), dtype=bool)
    asked = [position for position, post in enumerate(posts) if post.has_author]
    for position, told in zip(asked, _predictions(cascade, [posts[p] for p in asked]), strict=True):
        risk[position], flag[position] = told.risk or 0.0, told.flag
    return risk, flag
