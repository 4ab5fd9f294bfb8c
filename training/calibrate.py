"""Scores that mean what they say, and thresholds for a stated cost of the two errors."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from models.linear import Floats, LinearClassifier, softmax
from models.risk import RiskModel, logit

# A missed act is gone for good, a wrong flag costs a reviewer half a minute and an innocent person
# some peace. Of written posts three in ten are violations, in life hardly any: a wrong flag here
# stands for many. Where the two cancel out the threshold is the one that makes fewest mistakes.
COST_MISSED = 1.0
COST_WRONG = 1.0
# Without a sign in the profile the author is hardly ever ASN, in life far more rarely than among
# written posts: to look at an ordinary citizen's view weighs four times as much as to miss one.
COST_MISSED_POST_ONLY = 1.0
COST_WRONG_POST_ONLY = 4.0


def calibrated(
    classifier: LinearClassifier, raw: Floats, labels: Sequence[str], weights: Sequence[float]
) -> LinearClassifier:
    """Return the classifier with slope and shift fitted to held-out raw scores.

    `raw` is (n posts × n classes), of posts the classifier was not fitted on. One slope for all
    classes and a shift for each: too few held-out posts for more.
    """
    classes = list(classifier.classes)
    gold = np.array([classes.index(label) for label in labels])
    weight = np.asarray(weights, dtype=np.float64)

    def loss(parameters: Floats) -> float:
        probabilities = softmax(raw * np.exp(parameters[0]) + parameters[1:])
        picked = probabilities[np.arange(len(gold)), gold]
        penalty = 0.01 * float(parameters @ parameters)
        return float(-(weight * np.log(picked + 1e-12)).sum() / weight.sum() + penalty)

    found = minimize(loss, np.zeros(1 + len(classes)), method="BFGS").x
    return replace(
        classifier,
        slope=np.full(len(classes), float(np.exp(found[0]))),
        shift=np.asarray(found[1:], dtype=np.float64),
    )


def best_threshold(
    scores: Floats,
    positive: Sequence[bool],
    *,
    missed: float = COST_MISSED,
    wrong: float = COST_WRONG,
) -> float:
    """Return the threshold in [0.05, 0.95] with the lowest cost; the middle one of equals."""
    truth = np.asarray(positive, dtype=bool)
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    told = scores[None, :] >= grid[:, None]
    costs = missed * (truth & ~told).sum(axis=1) + wrong * (~truth & told).sum(axis=1)
    # Cost jumps with every single post; smoothing keeps the choice from hanging on one of them.
    kernel = np.ones(7) / 7
    smooth = np.convolve(np.pad(costs, 3, mode="edge"), kernel, mode="valid")
    best = np.flatnonzero(smooth <= smooth.min() + 1e-9)
    return float(grid[best[len(best) // 2]])


def fit_risk(p_asn: Floats, p_partisan: Floats, confirmed: Sequence[bool]) -> RiskModel:
    """Fit P(confirmed) from the two scores of posts that pass the gate."""
    features = np.array([[logit(a), logit(p)] for a, p in zip(p_asn, p_partisan, strict=True)])
    if len(set(confirmed)) < 2:
        return RiskModel(0.5, 1.0, 0.0)
    model = LogisticRegression(C=1.0).fit(features, list(confirmed))
    asn, partisan = (float(value) for value in model.coef_[0])
    # More evidence must never lower the risk, whatever a small sample says.
    return RiskModel(max(asn, 0.0), max(partisan, 0.05), float(model.intercept_[0]))
