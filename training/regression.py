"""Logistic regression by scikit-learn, turned at once into the plain classifier of `models`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.linear import Document, Floats, LinearClassifier, design_matrix
from training.vocabulary import BlockPlan, build_block

SEED = 20_240_214


@dataclass(frozen=True, slots=True)
class RegressionPlan:
    """Everything that shapes one classifier; `strength` is scikit-learn's C."""

    blocks: tuple[BlockPlan, ...]
    strength: float
    balanced: bool = False


def fit_classifier(
    plan: RegressionPlan,
    documents: Sequence[Document],
    labels: Sequence[str],
    weights: Sequence[float],
    real: Sequence[bool],
    classes: Sequence[str],
) -> LinearClassifier:
    """Fit a multinomial classifier; uncalibrated (slope 1, shift 0).

    `classes` fixes the order of the columns; every one of them must occur in `labels`.
    """
    blocks = tuple(build_block(block, documents, real) for block in plan.blocks)
    model = LogisticRegression(
        C=plan.strength,
        max_iter=400,
        tol=1e-3,
        class_weight="balanced" if plan.balanced else None,
        random_state=SEED,
    )
    model.fit(design_matrix(blocks, documents), list(labels), sample_weight=np.asarray(weights))
    order = [list(model.classes_).index(name) for name in classes]
    return LinearClassifier(
        classes=tuple(classes),
        blocks=blocks,
        weights=_stored(model.coef_[order]),
        bias=np.asarray(model.intercept_[order], dtype=np.float64),
        slope=np.ones(len(classes)),
        shift=np.zeros(len(classes)),
    )


def fit_one_per_class(
    plan: RegressionPlan,
    documents: Sequence[Document],
    labels: Sequence[Sequence[str]],
    classes: Sequence[str],
) -> LinearClassifier:
    """Fit one yes/no regression per class (a post may show several acts)."""
    blocks = tuple(build_block(block, documents, [False] * len(documents)) for block in plan.blocks)
    matrix = design_matrix(blocks, documents)
    weights, bias = [], []
    for name in classes:
        model = LogisticRegression(C=plan.strength, max_iter=400, random_state=SEED)
        model.fit(matrix, [name in told for told in labels])
        weights.append(model.coef_[0])
        bias.append(float(model.intercept_[0]))
    width = matrix.shape[1]
    return LinearClassifier(
        classes=tuple(classes),
        blocks=blocks,
        weights=_stored(np.array(weights).reshape(len(classes), width)),
        bias=np.array(bias, dtype=np.float64),
        slope=np.ones(len(classes)),
        shift=np.zeros(len(classes)),
    )


def _stored(weights: Floats) -> Floats:
    """Round to what an artifact stores, so that saving and loading change no score."""
    return np.asarray(weights.astype(np.float32), dtype=np.float64)
