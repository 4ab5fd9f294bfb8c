"""Precision, recall, F1 with 95% bootstrap intervals."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
