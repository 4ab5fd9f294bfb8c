"""Stance: TF-IDF of stems and letters, logistic regression, names masked."""

import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from models.linear import Document, LinearClassifier
from models.stance.judge import STANCES, post_features
from models.stance.mask import Entities
from training.dataset import Example
from training.regression import RegressionPlan, fit_classifier
from training.vocabulary import BlockPlan

_BLOCKS = (
    BlockPlan("words", minimum=2, limit=40_000),
    BlockPlan("letters", minimum=3, limit=60_000),
    BlockPlan("cues", minimum=2, limit=5_000, binary=True, scale=0.2),
)
# Strengths chosen by cross-validation on the training files alone.
PLAN = RegressionPlan(_BLOCKS, strength=2.0)
# With a few hundred posts the pull towards zero must be weaker for the same effect.
PLAN_SMALL = RegressionPlan(_BLOCKS, strength=5.0)
_SMALL = 3_000
# A written post with an author is what the model is for; a real post without one is background.
OUR_WEIGHT = 3.0


def entity_data() -> dict[str, Any]:
    """Return the names to mask, as kept in `models/stance/entities.toml`."""
    source = resources.files("models.stance").joinpath("entities.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def stance_documents(
    examples: Sequence[Example], entities: Entities, *, stemmed: bool = True
) -> list[Document]:
    """Return the features of each example; the slow part, done once for all folds."""
    return [
        post_features(e.post.text, e.post.media_alt, entities, stemmed=stemmed) for e in examples
    ]


def fit_stance(examples: Sequence[Example], documents: Sequence[Document]) -> LinearClassifier:
    """Fit the stance classifier on written and (where given) real posts; uncalibrated."""
    mixed = any(e.real for e in examples)
    weights = [e.weight if e.real else (OUR_WEIGHT if mixed else 1.0) for e in examples]
    return fit_classifier(
        PLAN_SMALL if len(examples) < _SMALL else PLAN,
        documents,
        [e.gold.stance.value for e in examples],
        weights,
        [e.real for e in examples],
        [stance.value for stance in STANCES],
    )
