"""Who speaks: posts that name the civil service in their own words, by civil servants and others.

Of these the encoder is asked whether the author speaks as a civil servant. Every fifth, and every
fifth of the invented sentences *about* civil servants, is kept from it, to join its reading with
that of the word counts and to choose the threshold.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.author.gate import PROFILE_FIELDS, AsnGate
from models.author.judge import Asked, AuthorJudge, asked_of, shown_in_profile
from models.encoder.part import EncoderPart, log_odds, two_classes
from models.encoder.rendering import render
from models.encoder.stack import Stack
from models.labels import AsnLabel
from models.linear import Floats, LinearClassifier
from training.calibrate import COST_MISSED_POST_ONLY, COST_WRONG_POST_ONLY, best_threshold
from training.dataset import Example
from training.fit_author import fit_author, talk_about_civil_servants
from training.operating_point import TALK_TOLD
from training.splits import hold_out
from training.stacking import fit_stack

HELD_PARTS = 5


@dataclass(frozen=True, slots=True)
class Speakers:
    """Posts whose words name the civil service: to learn from, and held out.

    `about` and `held_about` are the invented sentences; `kept` are all posts of `train` but the
    held-out ones, whatever they name.
    """

    answers: dict[str, bool]
    about: list[Example]
    kept: list[Example]
    held: list[Example]
    held_about: list[Example]


def speakers(train: Sequence[Example], dev: Sequence[Example], gate: AsnGate) -> Speakers:
    """Sort the written posts; those of `dev` are held out all."""
    kept, out = hold_out(train, HELD_PARTS)
    talk = talk_about_civil_servants()
    return Speakers(
        answers={e.post.id: _is_asn(e) for e in kept if words_alone_name_it(e, gate)},
        about=[e for e in talk if e.meta["sentence"] % HELD_PARTS],
        kept=kept,
        held=[e for e in (*out, *dev) if words_alone_name_it(e, gate)],
        held_about=[e for e in talk if e.meta["sentence"] % HELD_PARTS == 0],
    )


def words_alone_name_it(example: Example, gate: AsnGate) -> bool:
    """Tell whether a sign stands in the post and the profile speaks neither for it nor against."""
    if example.real:
        return False
    examination = gate.screen(example.post)
    if examination is None:
        return False
    said = [*examination.signs, *examination.counters]
    return bool(examination.signs) and not any(s.evidence.field in PROFILE_FIELDS for s in said)


def join_speakers(
    part: EncoderPart,
    author: LinearClassifier,
    gate: AsnGate,
    found: Speakers,
    real: Sequence[Example] = (),
) -> tuple[Stack, float]:
    """Return what joins both readings of who speaks, and the threshold where only the post does.

    `author` is the calibrated model fitted on all posts: its calibration is used, its weights are
    fitted again here without the held-out posts. The threshold is that of the stated costs on
    held-out posts, and at least the score that all but one in a hundred held-out sentences about
    civil servants stay below, and as many of the `real` posts that are asked about. Who wrote those
    nobody has read; of the public that talks of civil servants hardly anyone is one.
    """
    unseen = fit_author(found.kept, gate, found.about, read=True)
    unseen = replace(unseen, slope=author.slope, shift=author.shift)
    judge = AuthorJudge(unseen, 0.5, 0.5)
    examples = [*found.held, *found.held_about]
    asked = [(e, item) for e in examples if (item := _post_only(e, gate)) is not None]
    gold = [_is_asn(e) for e, _ in asked]
    words = judge.probabilities([item for _, item in asked]).sum(axis=1)
    texts = [render(e.post, part.entities) for e, _ in asked]
    read = two_classes(part.reader.author_logits(texts))
    stack = fit_stack(read, two_classes(log_odds(words)), list(map(int, gold)), [1.0] * len(gold))
    told = stack.probabilities(read, two_classes(log_odds(words)))[:, 1]
    joined = replace(judge, encoder=replace(part, author=stack))
    public = [item for e in real if (item := _post_only(e, gate)) is not None]
    floor = _floor(joined.probabilities(public).sum(axis=1))
    return stack, max(floor, _threshold(told, asked, gold, found.held_about))


def _threshold(
    told: Floats,
    asked: Sequence[tuple[Example, Asked]],
    gold: Sequence[bool],
    held_about: Sequence[Example],
) -> float:
    least = best_threshold(told, gold, missed=COST_MISSED_POST_ONLY, wrong=COST_WRONG_POST_ONLY)
    if not held_about:
        return least
    scores = {e.post.id: float(score) for score, (e, _) in zip(told, asked, strict=True)}
    # A sentence on which no model is asked stays below any threshold.
    about = [scores.get(e.post.id, 0.0) for e in held_about]
    return max(least, _floor(about))


def _floor(scores: Sequence[float] | Floats) -> float:
    """Return the score that at most one in a hundred reach, in thousandths."""
    if not len(scores):
        return 0.0
    highest = float(np.quantile(scores, 1.0 - TALK_TOLD, method="higher"))
    return min(1.0, math.floor(highest * 1000 + 1) / 1000)


def _post_only(example: Example, gate: AsnGate) -> Asked | None:
    """Return what the author model is asked where only the post speaks for it."""
    item = asked_of(example.post, gate, read=True)
    return None if item is None or shown_in_profile(item.verdict) else item


def _is_asn(example: Example) -> bool:
    return example.gold.asn not in (None, AsnLabel.NONE)
