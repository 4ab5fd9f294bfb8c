"""Author: what the gate found, the profile and the words around a finding, weighed."""

from collections.abc import Sequence

from models.author.features import author_features
from models.author.gate import AsnGate
from models.author.rules import apply_rules
from models.labels import AsnLabel
from models.linear import LinearClassifier
from training.dataset import Example
from training.regression import RegressionPlan, fit_classifier
from training.vocabulary import BlockPlan

PLAN = RegressionPlan(
    (
        BlockPlan("cues", minimum=2, binary=True),
        BlockPlan("profile", minimum=2, limit=20_000),
        BlockPlan("window", minimum=2, limit=10_000),
    ),
    strength=2.0,
)
CLASSES = tuple(label.value for label in (AsnLabel.EXPLICIT, AsnLabel.LIKELY, AsnLabel.NONE))


def author_examples(
    examples: Sequence[Example], gate: AsnGate
) -> list[tuple[Example, dict[str, list[str]]]]:
    """Return the examples on which the author model is asked at all, with their features."""
    asked = []
    for example in examples:
        examination = gate.screen(example.post)
        if examination is None:
            continue
        verdict = apply_rules(examination)
        if verdict.signs:
            asked.append((example, author_features(examination, verdict)))
    return asked


def fit_author(examples: Sequence[Example], gate: AsnGate) -> LinearClassifier:
    """Fit the author classifier on posts that pass gate and rules; uncalibrated.

    Real posts come without authors and without an author label: those that pass the gate by
    their text alone are posts *about* civil servants, with hardly an exception, and count as
    none with half a weight.
    """
    asked = author_examples(examples, gate)
    labels = [(e.gold.asn or AsnLabel.NONE).value for e, _ in asked]
    return fit_classifier(
        PLAN,
        [features for _, features in asked],
        labels,
        [0.5 if e.real else 1.0 for e, _ in asked],
        [e.real for e, _ in asked],
        CLASSES,
    )
