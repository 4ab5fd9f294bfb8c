"""Which features a model may know, and how much each counts.

A feature that comes only from posts of real people is kept when at least five of their posts
hold it; what occurs in our own written posts is ours and needs only to be frequent enough.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.linear import Block, Document

# The privacy floor of the data sheet: no n-gram of fewer real posts enters an artifact.
REAL_POSTS_FLOOR = 5


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """How one block is built: `minimum` posts of ours hold a feature, at most `limit` features."""

    name: str
    minimum: int = 2
    limit: int = 60_000
    binary: bool = False
    scale: float = 1.0


def build_block(plan: BlockPlan, documents: Sequence[Document], real: Sequence[bool]) -> Block:
    """Choose the features of one block and weigh them by inverse document frequency."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for document, is_real in zip(documents, real, strict=True):
        (theirs if is_real else ours).update(set(document.get(plan.name, ())))
    counts = ours + theirs
    allowed = [
        feature
        for feature in counts
        if theirs[feature] >= REAL_POSTS_FLOOR or ours[feature] >= plan.minimum
    ]
    # Most frequent first, then by name: the choice never depends on the order of the file.
    chosen = sorted(sorted(allowed, key=lambda f: (-counts[f], f))[: plan.limit])
    vocabulary = {feature: column for column, feature in enumerate(chosen)}
    total = len(documents)
    frequency = np.array([counts[feature] for feature in chosen], dtype=np.float64)
    idf = np.ones(len(chosen)) if plan.binary else np.log((1 + total) / (1 + frequency)) + 1.0
    # Rounded to what the artifact stores, so that a reloaded model is equal to the bit.
    idf = idf.astype(np.float32).astype(np.float64)
    return Block(plan.name, vocabulary, idf, plan.binary, plan.scale)
