"""Reasons: the words whose removal lowers the odds of the stance a post was flagged for.

Asking an encoder costs milliseconds, so a post is asked at most `MOST_TRIALS` times in at most
three batches: a short post word by word at once, a longer one clause by clause first and word by
word only where it matters.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from models.labels import Stance
from models.linear import Floats
from models.post import Post
from models.prediction import Reason
from models.removal import Group, Span, alike, hulls, neighbours, pieces, without, words
from models.stance.judge import STANCES

# The post as it is, once; what the rounds below ask on the longest way adds up to the rest.
MOST_TRIALS = 32
_AT_ONCE = 30
# Tried on long flagged posts: 8 and 23 find most of what asking about every word finds.
_PIECES, _AFTER_PIECES = 8, 23
# From here on one round more, so that the pieces looked into are small.
_LONG = 160
_PIECES_OF_LONG, _KEPT_OF_LONG, _AFTER_LONG = 8, 2, 15
# A word is named when it costs this much, and this share of what the weightiest word costs.
_SMALLEST_LOSS, _SMALLEST_SHARE = 0.1, 0.15
_MOST_REASONS = 6


class AsksStance(Protocol):
    """What is explained: calibrated P(support), P(oppose), P(none) of posts, (n × 3)."""

    def probabilities(self, posts: Sequence[Post], /) -> Floats:
        """Return one row per post."""
        ...


def reasons(post: Post, stance: Stance, model: AsksStance) -> tuple[Reason, ...]:
    """Return spans of text, caption and replied-to text, weightiest first, at most six.

    The weight of a span is how far the log-odds of the stance fall when its words are taken out
    (a word said twice is taken out at both places, which share the fall), added up over neighbours
    and squashed to [0, 1): the probability that would be lost from an even chance, doubled. Plain
    probabilities would not do: of a post at 0.999 hardly any word takes anything away. Offsets are
    those of the field as received.
    """
    weighed = word_losses(post, stance, model)
    largest = max((loss for _, loss in weighed), default=0.0)
    least = max(_SMALLEST_LOSS, _SMALLEST_SHARE * largest)
    merged = _merge(post, [entry for entry in weighed if entry[1] >= least])
    if not merged and weighed:
        # Nothing stands out alone (the words say it together): name the weightiest word.
        span, loss = max(weighed, key=lambda entry: entry[1])
        merged = [(span, max(0.0, loss))]
    ranked = sorted(merged, key=lambda entry: (-entry[1], entry[0]))[:_MOST_REASONS]
    return tuple(Reason(*span, float(np.tanh(loss / 2))) for span, loss in ranked)


def word_losses(post: Post, stance: Stance, model: AsksStance) -> list[tuple[Span, float]]:
    """Return words (names whole) in order of place, each with the log-odds its removal costs.

    Of a long post only words of the weightiest clauses are here: the others were not asked about.
    """
    spans = words(post)
    groups = alike(post, spans)
    trials = _Trials(post, STANCES.index(stance), model)
    if len(groups) <= _AT_ONCE:
        return _shared(groups, trials.losses(groups))
    if len(groups) <= _LONG:
        cut = pieces(post, spans, _PIECES)
        kept = _within(post, groups, cut, trials.losses(cut), _AFTER_PIECES)
        return _shared(kept, trials.losses(kept))
    cut = pieces(post, spans, _PIECES_OF_LONG)
    best = np.argsort(-trials.losses(cut), kind="stable")[:_KEPT_OF_LONG]
    cut = pieces(post, sorted(span for i in best for span in cut[i]), _PIECES_OF_LONG)
    kept = _within(post, groups, cut, trials.losses(cut), _AFTER_LONG)
    return _shared(kept, trials.losses(kept))


class _Trials:
    """Asks a model about one post with parts taken out; the whole post goes with the first ask."""

    def __init__(self, post: Post, column: int, model: AsksStance) -> None:
        self._post, self._column, self._model = post, column, model
        self._whole: float | None = None

    def losses(self, groups: Sequence[Group]) -> Floats:
        """Return for each group how far the log-odds fall without it."""
        if not groups:
            return np.zeros(0)
        asked = [without(self._post, group) for group in groups]
        if self._whole is None:
            odds = self._odds([self._post, *asked])
            self._whole = float(odds[0])
            return self._whole - odds[1:]
        return self._whole - self._odds(asked)

    def _odds(self, posts: Sequence[Post]) -> Floats:
        return log_odds(self._model.probabilities(posts)[:, self._column])


def log_odds(probabilities: Floats) -> Floats:
    """Return ln(p / (1 - p)), with p kept 1e-9 away from 0 and 1."""
    kept = np.clip(probabilities, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def _within(
    post: Post, groups: Sequence[Group], cut: Sequence[Group], losses: Floats, most: int
) -> list[Group]:
    """Return `most` groups of words at the most, those of the weightiest pieces."""
    home = {span: number for number, piece in enumerate(cut) for span in piece}
    ranks = {int(number): rank for rank, number in enumerate(np.argsort(-losses, kind="stable"))}
    ranked = sorted(
        (min(ranks[home[span]] for span in group if span in home), place, group)
        for place, group in enumerate(groups)
        if any(span in home for span in group)
    )
    first = cut[int(np.argmax(losses))]
    if len(first) > most:
        # A very long post: neighbouring words are taken out together.
        return [hulls(piece) for piece in pieces(post, first, most)]
    return sorted(group for _, _, group in ranked[:most])


def _shared(groups: Sequence[Group], losses: Floats) -> list[tuple[Span, float]]:
    return sorted(
        (span, float(loss) / len(group))
        for group, loss in zip(groups, losses, strict=True)
        for span in group
    )


def _merge(post: Post, weighed: Sequence[tuple[Span, float]]) -> list[tuple[Span, float]]:
    """Join words that are neighbours into one span."""
    merged: list[tuple[Span, float]] = []
    for span, loss in weighed:
        if merged and neighbours(post, merged[-1][0], span):
            (field, first, _), total = merged[-1]
            merged[-1] = ((field, first, span[2]), total + loss)
        else:
            merged.append((span, loss))
    return merged
