"""Reasons: the words whose removal lowers the probability of the stance a post was flagged for."""

import re
from collections.abc import Sequence

import numpy as np

from models.labels import Stance
from models.linear import Floats
from models.post import Post
from models.prediction import Reason
from models.stance.judge import STANCES, StanceModel

# A word without the punctuation around it; emoji alone are words too, punctuation alone is not.
_WORD = re.compile(r"[#@]{0,2}\w(?:\S*\w)?|[^\w\s!-/:-@\[-`{-~\u2010-\u2027]+")
# Words are taken out one by one up to this number; a longer post is first cut into pieces of
# equal length, and only the weightiest pieces are looked at word by word.
_MOST_TRIALS = 60
_PIECES = 24
_PIECES_LOOKED_INTO = 3
_SMALLEST_LOSS = 0.1
_MOST_REASONS = 6

Span = tuple[str, int, int]


def reasons(post: Post, stance: Stance, model: StanceModel) -> tuple[Reason, ...]:
    """Return spans of text and caption, weightiest first.

    The weight of a span is how far the log-odds of the stance fall when its words are taken out
    one at a time, added up over neighbouring words and squashed to [0, 1): the probability that
    would be lost from an even chance, doubled. Plain probabilities would not do: of a post at
    0.999 hardly any single word takes anything away. Offsets are those of the field as received.
    """
    spans = _words(post)
    if not spans:
        return ()
    column = STANCES.index(stance)
    full = float(_log_odds(model.probabilities([(post.text, post.media_alt)]))[0, column])
    if len(spans) > _MOST_TRIALS:
        spans = _weighty_words(post, spans, full, column, model)
    losses = full - _without(post, [(span,) for span in spans], model)[:, column]
    return _merge(post, spans, losses)


def _words(post: Post) -> list[Span]:
    return [
        (field, match.start(), match.end())
        for field, value in (("text", post.text), ("media_alt", post.media_alt))
        for match in _WORD.finditer(value)
    ]


def _weighty_words(
    post: Post, spans: list[Span], full: float, column: int, model: StanceModel
) -> list[Span]:
    size = -(-len(spans) // _PIECES)
    pieces = [tuple(spans[i : i + size]) for i in range(0, len(spans), size)]
    losses = full - _without(post, pieces, model)[:, column]
    best = sorted(np.argsort(-losses, kind="stable")[:_PIECES_LOOKED_INTO].tolist())
    # Within very long posts a piece itself holds many words: keep the trials bounded.
    share = _MOST_TRIALS // _PIECES_LOOKED_INTO
    return [span for index in best for span in pieces[index][:share]]


def _without(post: Post, cuts: Sequence[tuple[Span, ...]], model: StanceModel) -> Floats:
    texts = []
    for cut in cuts:
        text = _blank(post.text, [span for span in cut if span[0] == "text"])
        caption = _blank(post.media_alt, [span for span in cut if span[0] == "media_alt"])
        texts.append((text, caption))
    return _log_odds(model.probabilities(texts))


def _log_odds(probabilities: Floats) -> Floats:
    kept = np.clip(probabilities, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def _blank(value: str, cut: list[Span]) -> str:
    for _, start, end in reversed(cut):
        value = f"{value[:start]} {value[end:]}"
    return value


def _merge(post: Post, spans: list[Span], losses: Floats) -> tuple[Reason, ...]:
    """Join weighty words that are neighbours into one span."""
    merged: list[tuple[Span, float]] = []
    for span, loss in zip(spans, losses.tolist(), strict=True):
        if loss < _SMALLEST_LOSS:
            continue
        field, start, end = span
        if merged and _neighbours(post, merged[-1][0], span):
            (_, first, _), total = merged[-1]
            merged[-1] = ((field, first, end), total + loss)
        else:
            merged.append(((field, start, end), loss))
    if not merged and spans:
        # Nothing stands out alone (the words say it together): name the weightiest word.
        best = int(np.argmax(losses))
        merged = [(spans[best], max(0.0, float(losses[best])))]
    ranked = sorted(merged, key=lambda entry: (-entry[1], entry[0]))[:_MOST_REASONS]
    return tuple(Reason(*span, float(np.tanh(loss / 2))) for span, loss in ranked)


def _neighbours(post: Post, left: Span, right: Span) -> bool:
    if left[0] != right[0]:
        return False
    value = post.text if left[0] == "text" else post.media_alt
    return not re.search(r"\w", value[left[2] : right[1]])
