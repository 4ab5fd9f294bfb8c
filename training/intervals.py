"""Precision, recall, F1 with 95% bootstrap intervals; shares with intervals by formula."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, norm

RESAMPLES = 1_000
SEED = 7
Labels = NDArray[Any]
Statistic = Callable[[Labels, Labels], float]


def interval(
    gold: Sequence[Any] | Labels, told: Sequence[Any] | Labels, statistic: Statistic
) -> dict[str, float | None]:
    """Return `value`, `low` and `high` of a statistic over pairs (gold, told).

    Posts are drawn with replacement 1,000 times, always by the same seed. All three are None
    when there are no posts.
    """
    truth, answer = np.asarray(gold), np.asarray(told)
    if not len(truth):
        return {"value": None, "low": None, "high": None}
    random = np.random.default_rng(SEED)
    drawn = random.integers(0, len(truth), size=(RESAMPLES, len(truth)))
    values = np.array([statistic(truth[rows], answer[rows]) for rows in drawn])
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return {
        "value": round(statistic(truth, answer), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def precision(gold: Labels, told: Labels) -> float:
    """Return the share of told posts that are right; 0 when none is told."""
    return float((gold & told).sum() / max(1, told.sum()))


def recall(gold: Labels, told: Labels) -> float:
    """Return the share of true posts that are told; 0 when there is none."""
    return float((gold & told).sum() / max(1, gold.sum()))


def f1(gold: Labels, told: Labels) -> float:
    """Return the harmonic mean of precision and recall."""
    return float(2 * (gold & told).sum() / max(1, gold.sum() + told.sum()))


def macro_f1(gold: Labels, told: Labels) -> float:
    """Return the mean F1 over the classes that occur in gold or told."""
    classes = np.union1d(gold, told)
    return float(np.mean([f1(gold == name, told == name) for name in classes]))


def balanced_accuracy(gold: Labels, told: Labels) -> float:
    """Return the mean recall over the classes of gold; chance is one over their number."""
    return float(np.mean([(told[gold == name] == name).mean() for name in np.unique(gold)]))


def yes_no(gold: Sequence[bool], told: Sequence[bool]) -> dict[str, Any]:
    """Return precision, recall and F1 of a yes/no question, each with its interval."""
    truth, answer = np.asarray(gold, dtype=bool), np.asarray(told, dtype=bool)
    return {
        "posts": len(truth),
        "positive": int(truth.sum()),
        "precision": interval(truth, answer, precision),
        "recall": interval(truth, answer, recall),
        "f1": interval(truth, answer, f1),
    }


def several(gold: Sequence[str], told: Sequence[str]) -> dict[str, Any]:
    """Return macro F1 and the figures of every class of a question with several answers."""
    classes = sorted(set(gold) | set(told))
    return {
        "macro_f1": interval(gold, told, macro_f1),
        "classes": {
            name: yes_no([g == name for g in gold], [t == name for t in told]) for name in classes
        },
    }


def wilson(hits: int, tries: int, comparisons: int = 1) -> dict[str, float | None]:
    """Return the share `hits` of `tries` with its 95% Wilson score interval (Wilson 1927).

    Good down to some ten tries, and never outside [0, 1]. All three are None without a try.
    With several `comparisons` the interval is widened so that all hold together (Bonferroni).
    """
    if not tries:
        return {"value": None, "low": None, "high": None}
    point = float(norm.ppf(1 - 0.025 / comparisons))
    share, square = hits / tries, point**2
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    half = (point / (1 + square / tries)) * float(
        np.sqrt(share * (1 - share) / tries + square / (4 * tries**2))
    )
    return {
        "value": round(share, 4),
        "low": round(max(0.0, middle - half), 4),
        "high": round(min(1.0, middle + half), 4),
    }


def exact(hits: int, tries: int) -> tuple[float, float]:
    """Return the exact 95% bounds of a share (Clopper and Pearson 1934); (0, 1) without a try.

    Never too narrow, also with no hit at all, where a bootstrap would give 0 to 0.
    """
    low = float(beta.ppf(0.025, hits, tries - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, tries - hits)) if hits < tries else 1.0
    return low, high


def difference(
    first: tuple[int, int], second: tuple[int, int], comparisons: int = 1
) -> dict[str, float | None]:
    """Return share one minus share two, each (hits, tries), with 95% bounds (Newcombe 1998).

    All three are None where one of them has no try. `comparisons` as for `wilson`.
    """
    one, two = wilson(*first, comparisons), wilson(*second, comparisons)
    if not first[1] or not second[1]:
        return {"value": None, "low": None, "high": None}
    share_one, share_two = first[0] / first[1], second[0] / second[1]
    down = _distance(share_one, one["low"], share_two, two["high"])
    up = _distance(share_one, one["high"], share_two, two["low"])
    value = share_one - share_two
    return {
        "value": round(value, 4),
        "low": round(value - down, 4),
        "high": round(value + up, 4),
    }


def _distance(one: float, bound: float | None, two: float, other: float | None) -> float:
    assert bound is not None and other is not None
    return float(np.hypot(one - bound, other - two))


def interval_of_difference(
    gold: Labels, first: Labels, second: Labels, statistic: Statistic
) -> dict[str, float | None]:
    """Return statistic(first) − statistic(second) on the same posts, with 95% paired bounds."""
    random = np.random.default_rng(SEED)
    drawn = random.integers(0, len(gold), size=(RESAMPLES, len(gold)))
    values = [
        statistic(gold[rows], first[rows]) - statistic(gold[rows], second[rows]) for rows in drawn
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    value = statistic(gold, first) - statistic(gold, second)
    return {
        "value": round(value, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }
