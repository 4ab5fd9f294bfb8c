"""Author: what the gate found, the profile and the words around a finding, weighed."""

import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import count

from models.author.features import author_features
from models.author.gate import AsnGate
from models.author.judge import asked_of
from models.labels import AsnLabel, Platform, Stance
from models.linear import LinearClassifier
from models.post import Author, Post
from training.dataset import Example, Gold
from training.regression import RegressionPlan, fit_classifier
from training.vocabulary import BlockPlan

PLAN = RegressionPlan(
    (
        BlockPlan("cues", minimum=2, binary=True, scale=0.3),
        BlockPlan("profile", minimum=2, limit=20_000),
        BlockPlan("window", minimum=2, limit=10_000),
        BlockPlan("near", minimum=2, limit=10_000),
    ),
    strength=2.0,
)
CLASSES = tuple(label.value for label in (AsnLabel.EXPLICIT, AsnLabel.LIKELY, AsnLabel.NONE))
# How many ways each sentence about civil servants is filled, and what one of them weighs.
_FILLINGS = 3
_TALK_WEIGHT = 1.0


def author_examples(
    examples: Sequence[Example], gate: AsnGate, *, read: bool
) -> list[tuple[Example, dict[str, list[str]]]]:
    """Return the examples on which the author model is asked at all, with their features.

    `read`: an encoder will read the posts as well, so that fainter signs are asked about.
    """
    found = [(example, asked_of(example.post, gate, read=read)) for example in examples]
    return [
        (example, author_features(item.examination, item.verdict))
        for example, item in found
        if item is not None
    ]


def talk_about_civil_servants() -> list[Example]:
    """Return invented posts that speak of civil servants, by people who are none.

    Written posts of the labelled data are by civil servants nine times out of ten where they
    name one at all; in life it is the other way round, and the author model has to know how.
    """
    source = resources.files("training").joinpath("civil_service_talk.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    slots: dict[str, list[str]] = raw["slots"]
    gold = Gold(stance=Stance.NONE, asn=AsnLabel.NONE)
    texts = [text for group in raw["talk"].values() for text in _filled(group, slots)]
    sentences = {text: place // _FILLINGS for place, text in enumerate(texts)}
    # A handle of no letters: the profile is there and says nothing. Every third post comes without.
    silent = Author(handle="_")
    return [
        Example(
            Post(f"talk-{number}", Platform.X, text, silent, has_author=True)
            if number % _FILLINGS
            else Post(f"talk-{number}", Platform.X, text),
            gold,
            {"sentence": sentence},
        )
        for number, (text, sentence) in enumerate(sentences.items())
    ]


def _filled(sentences: Sequence[str], slots: dict[str, list[str]]) -> Iterator[str]:
    turn = count()
    for sentence in sentences:
        for _ in range(_FILLINGS):
            # Steps without a common divisor: the words of the lists meet in ever new pairs.
            step = next(turn)
            yield sentence.format(
                **{
                    name: words[step * (2 * n + 1) % len(words)]
                    for n, (name, words) in enumerate(slots.items())
                }
            )


def fit_author(
    examples: Sequence[Example],
    gate: AsnGate,
    about: Sequence[Example] | None = None,
    *,
    read: bool,
) -> LinearClassifier:
    """Fit the author classifier on posts that pass gate and rules; uncalibrated.

    `about` are posts that speak of civil servants, by default all of them.

    Posts of real people come without authors and without an author label: nobody has read who
    wrote them, so nothing is learned from them here.
    """
    asked = author_examples([e for e in examples if not e.real], gate, read=read)
    talk = talk_about_civil_servants() if about is None else about
    about_asked = author_examples(talk, gate, read=read)
    labels = [(e.gold.asn or AsnLabel.NONE).value for e, _ in (*asked, *about_asked)]
    return fit_classifier(
        PLAN,
        [features for _, features in (*asked, *about_asked)],
        labels,
        [1.0] * len(asked) + [_TALK_WEIGHT] * len(about_asked),
        [False] * len(labels),
        CLASSES,
    )
