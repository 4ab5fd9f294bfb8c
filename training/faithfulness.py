"""Do the reasons shown to a reviewer carry the judgement? Deleted, they must cost it the most.

Comprehensiveness (what is lost without the reasons) and sufficiency (what is lost with nothing
but them) after DeYoung et al., "ERASER", ACL 2020; beside them the loss from deleting as many
words drawn at random from the same post.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.cascade import Cascade
from models.explain import log_odds
from models.labels import Stance
from models.linear import Floats
from models.post import Post
from models.prediction import Prediction
from models.removal import Span, without, words
from models.stance.judge import STANCES
from training.artifact_files import load_artifact, store_measure
from training.dataset import Example, read_examples
from training.intervals import interval
from training.terminal import progress, say

DRAWS = 5
SEED = 7
_BATCH = 64
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Deletions:
    """One flagged post: its reasons' words, the other words, and as many words drawn at random."""

    post: Post
    column: int
    reasons: tuple[Span, ...]
    others: tuple[Span, ...]
    drawn: tuple[tuple[Span, ...], ...]

    def posts(self) -> list[Post]:
        """Return the post whole, without its reasons, with nothing else, and the random ones."""
        cuts = [(), self.reasons, self.others, *self.drawn]
        return [without(self.post, cut) for cut in cuts]


def measure_faithfulness(
    cascade: Cascade,
    examples: Sequence[Example],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure the reasons of every post the cascade flags; always the same by the same seed.

    `fall_reasons` and `fall_random` are mean falls of the log-odds of the flagged stance, `gain`
    their difference; `share_ahead` is the share of posts where deleting the reasons costs more
    than deleting random words does on the mean of `draws` tries; `comprehensiveness` and
    `sufficiency` are in probability. Each with a 95% bootstrap interval over posts. Posts whose
    every word is a reason (`posts_all_reason`) leave nothing to compare with and are not counted;
    all figures are None where no post remains.
    """
    random = np.random.default_rng(seed)
    flagged = list(_flagged(cascade, examples, progress))
    made = [_deletions(post, told, random, draws) for post, told in flagged]
    compared = [deletions for deletions in made if deletions.others]
    rows = [_losses(cascade, deletions) for deletions in compared]
    table = np.array(rows).reshape(len(rows), 4)
    reasons, drawn, comprehensive, sufficient = table.T
    shares = [len(d.reasons) / (len(d.reasons) + len(d.others)) for d in compared]
    return {
        "posts": len(compared),
        "posts_all_reason": len(made) - len(compared),
        "draws": draws,
        "seed": seed,
        "share_of_words": round(float(np.mean(shares)), 4) if shares else None,
        "fall_reasons": _mean(reasons),
        "fall_random": _mean(drawn),
        "gain": _mean(reasons - drawn),
        "share_ahead": _mean((reasons > drawn).astype(float)),
        "comprehensiveness": _mean(comprehensive),
        "sufficiency": _mean(sufficient),
    }


def run_faithfulness(options: argparse.Namespace) -> int:
    """Measure whether reasons carry the judgement; `--record` stores it under `faithfulness`."""
    cascade, folder = load_artifact(options)
    result = measure_faithfulness(cascade, read_examples(options.file), progress=progress)
    if options.record:
        store_measure(options, folder, "faithfulness", result)
    say(json.dumps(result, indent=2))
    return 0


def _flagged(
    cascade: Cascade, examples: Sequence[Example], progress: Progress | None
) -> Iterator[tuple[Post, Prediction]]:
    posts = [example.post for example in examples]
    for first in range(0, len(posts), _BATCH):
        batch = posts[first : first + _BATCH]
        for post, told in zip(batch, cascade.predict(batch), strict=True):
            if told.flag:
                yield post, told
        if progress:
            progress(f"{first + len(batch)}/{len(posts)}")


def _deletions(post: Post, told: Prediction, random: np.random.Generator, draws: int) -> _Deletions:
    assert told.stance is not None and told.stance.label is not Stance.NONE
    every = words(post)
    reasons = [span for span in every if _shown(span, told)]
    chosen = set(reasons)
    drawn = tuple(
        tuple(every[int(i)] for i in random.choice(len(every), len(reasons), replace=False))
        for _ in range(draws)
    )
    return _Deletions(
        post,
        STANCES.index(told.stance.label),
        tuple(reasons),
        tuple(span for span in every if span not in chosen),
        drawn,
    )


def _shown(span: Span, told: Prediction) -> bool:
    field, start, end = span
    return any(
        reason.field == field and reason.start < end and start < reason.end
        for reason in told.reasons
    )


def _losses(cascade: Cascade, deletions: _Deletions) -> tuple[float, float, float, float]:
    """Return fall of log-odds by reasons and by chance, comprehensiveness, sufficiency."""
    told = np.asarray(cascade.stance.probabilities(deletions.posts()))[:, deletions.column]
    odds = log_odds(told)
    by_chance = float(np.mean(odds[0] - odds[3:]))
    return float(odds[0] - odds[1]), by_chance, float(told[0] - told[1]), float(told[0] - told[2])


def _mean(values: Floats) -> dict[str, float | None]:
    return interval(values, values, lambda drawn, _: float(np.mean(drawn)))
