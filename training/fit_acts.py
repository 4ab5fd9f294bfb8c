"""Acts: one yes/no regression for each act with enough examples; cues speak for the rest."""

from collections import Counter
from collections.abc import Sequence

from models.acts import act_features
from models.labels import Act
from models.linear import LinearClassifier
from models.stance.mask import Entities
from training.dataset import Example
from training.regression import RegressionPlan, fit_one_per_class
from training.vocabulary import BlockPlan

PLAN = RegressionPlan(
    (
        BlockPlan("cues", minimum=2, binary=True),
        BlockPlan("words", minimum=2, limit=8_000),
        BlockPlan("letters", minimum=4, limit=8_000),
    ),
    strength=2.0,
)
ENOUGH = 12


def learnable_acts(examples: Sequence[Example]) -> tuple[Act, ...]:
    """Return the acts with enough flagged examples to learn from."""
    flagged = [e for e in examples if e.gold.flag]
    counts = Counter(act for e in flagged for act in set(e.gold.acts))
    # An act that every flagged post shows leaves nothing to learn.
    return tuple(act for act in Act if ENOUGH <= counts[act] < len(flagged))


def fit_acts(
    examples: Sequence[Example], entities: Entities, classes: Sequence[Act]
) -> LinearClassifier:
    """Fit one regression for each of `classes` on flagged posts: no other post has an act."""
    flagged = [e for e in examples if e.gold.flag]
    documents = [act_features(e.post, entities) for e in flagged]
    labels = [[act.value for act in e.gold.acts] for e in flagged]
    return fit_one_per_class(PLAN, documents, labels, [act.value for act in classes])
