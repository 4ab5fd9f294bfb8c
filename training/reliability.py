"""Is a stated risk worth what it says? Expected calibration error, over posts that got a risk.

The error is that of the file at its own share of violations. In life that share is far smaller,
and a risk calibrated here is too high there: the order of posts stays, the level does not.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.intervals import RESAMPLES, SEED, Labels, wilson

BINS = 10
_BANDS = 5
Pairs = Sequence[tuple[float, bool]]


def reliability(pairs: Pairs, *, posts: int, confirmed: int) -> dict[str, Any]:
    """Return calibration figures of (risk, confirmed) pairs.

    `posts` and `confirmed` count the whole file, also posts that got no risk. `expected_error`
    and `bands` are the five-band view; `ece_equal_width` and `ece_equal_mass` (Naeini et al.
    2015) have ten bins and a 95% bootstrap interval. Values are None without a pair.
    """
    risk = np.array([one for one, _ in pairs], dtype=np.float64)
    truth = np.array([two for _, two in pairs], dtype=bool)
    bands = _bands(risk, truth)
    gap = sum(abs(band["risk"] - band["share"]) * band["posts"] for band in bands)
    return {
        "expected_error": round(gap / len(risk), 4) if len(risk) else None,
        "bands": bands,
        "bins": BINS,
        "posts_with_risk": len(risk),
        "prevalence": round(confirmed / posts, 4) if posts else None,
        "prevalence_with_risk": round(float(truth.mean()), 4) if len(risk) else None,
        "brier": round(float(np.mean((risk - truth) ** 2)), 4) if len(risk) else None,
        "ece_equal_width": _with_interval(risk, truth, equal_width_error),
        "ece_equal_mass": _with_interval(risk, truth, equal_mass_error),
        "points": reliability_points(pairs),
    }


def equal_width_error(risk: Labels, truth: Labels, bins: int = BINS) -> float:
    """Return the mean gap between risk and share confirmed, over bins of equal width."""
    place = np.minimum((risk * bins).astype(int), bins - 1)
    return _error(risk, truth, place, bins)


def equal_mass_error(risk: Labels, truth: Labels, bins: int = BINS) -> float:
    """Return the same over bins of equally many posts (ties stay in order)."""
    place = np.empty(len(risk), dtype=int)
    place[np.argsort(risk, kind="stable")] = np.arange(len(risk)) * bins // len(risk)
    return _error(risk, truth, place, bins)


def reliability_points(pairs: Pairs, bins: int = BINS) -> list[dict[str, Any]]:
    """Return, for each bin of equal width that holds a post, mean risk and share confirmed.

    `low` and `high` are the Wilson interval of the share.
    """
    points = []
    for place in range(bins):
        inside = [(r, y) for r, y in pairs if min(int(r * bins), bins - 1) == place]
        if not inside:
            continue
        bounds = wilson(sum(y for _, y in inside), len(inside))
        points.append(
            {
                "posts": len(inside),
                "risk": round(sum(r for r, _ in inside) / len(inside), 4),
                "share": bounds["value"],
                "low": bounds["low"],
                "high": bounds["high"],
            }
        )
    return points


def _error(risk: Labels, truth: Labels, place: Labels, bins: int) -> float:
    gaps = np.bincount(place, weights=risk - truth, minlength=bins)
    return float(np.abs(gaps).sum() / len(risk))


def _bands(risk: Labels, truth: Labels) -> list[dict[str, Any]]:
    place = np.minimum((risk * _BANDS + 1e-9).astype(int), _BANDS - 1)
    return [
        {
            "posts": int((place == band).sum()),
            "risk": round(float(risk[place == band].mean()), 4),
            "share": round(float(truth[place == band].mean()), 4),
        }
        for band in range(_BANDS)
        if (place == band).any()
    ]


def _with_interval(risk: Labels, truth: Labels, error: Any) -> dict[str, float | None]:
    if not len(risk):
        return {"value": None, "low": None, "high": None}
    random = np.random.default_rng(SEED)
    drawn = random.integers(0, len(risk), size=(RESAMPLES, len(risk)))
    values = [error(risk[rows], truth[rows]) for rows in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    # Drawing again adds noise to every bin, which an absolute gap counts as error: the lower
    # bound may lie above the value, which is then the honest end.
    value = error(risk, truth)
    return {
        "value": round(value, 4),
        "low": round(min(float(low), value), 4),
        "high": round(float(high), 4),
    }
