"""Join two readings of the same posts (stacked generalisation, Wolpert 1992) and calibrate both."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from models.encoder.stack import Stack
from models.linear import Floats

# Held-out posts are few: pulls the two weights towards equal shares and the shifts towards 0.
_PENALTY = 0.01
_START = 0.7


def fit_stack(
    encoder: Floats, linear: Floats, gold: Sequence[int], weights: Sequence[float]
) -> Stack:
    """Return the stack with the lowest weighted log loss on held-out posts.

    `encoder` and `linear` are logits (n posts × n classes) of readings that were not fitted on
    these posts; `gold` are class numbers. Neither weight can fall below zero: a reading is at
    worst left out, never turned round.
    """
    weight = np.asarray(weights, dtype=np.float64)
    rows = np.arange(len(gold))
    classes = encoder.shape[1]

    def stack(parameters: Floats) -> Stack:
        first, second = (float(value) for value in parameters[:2])
        return Stack(first, second, tuple(float(value) for value in parameters[2:]))

    def loss(parameters: Floats) -> float:
        told = stack(parameters).probabilities(encoder, linear)[rows, list(gold)]
        pull = np.square(parameters[:2] - _START).sum() + np.square(parameters[2:]).sum()
        return float(-(weight * np.log(told + 1e-12)).sum() / weight.sum() + _PENALTY * pull)

    start = np.array([_START, _START, *([0.0] * classes)])
    bounds = [(0.0, None), (0.0, None), *([(None, None)] * classes)]
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return stack(np.asarray(found))
