"""A masked text as countable features: stems, pairs of stems, letter n-grams, cues."""

import re
from functools import lru_cache
from itertools import pairwise

from models.stance.cues import cue_features
from models.stance.stemming import stem

Tokens = list[str]
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)?|[!?]+|[\u2600-\u27bf\U0001f000-\U0001faff]")
_NGRAM_SIZES = (3, 4, 5)
_WORD_LIMIT = 30


def words(masked: str) -> Tokens:
    """Split a masked text into words, runs of ! or ?, and single emoji."""
    return [token[:_WORD_LIMIT] for token in _TOKEN.findall(masked)]


def word_features(tokens: Tokens, *, stemmed: bool = True) -> Tokens:
    """Return single words and pairs of neighbours, as stems unless told otherwise."""
    units = [stem(token) for token in tokens] if stemmed else tokens
    pairs = [f"{first} {second}" for first, second in pairwise(units)]
    return units + pairs


def letter_features(tokens: Tokens) -> Tokens:
    """Return letter n-grams of 3 to 5 inside each word, blanks standing for its edges."""
    found: Tokens = []
    for token in tokens:
        found.extend(_ngrams(token))
    return found


@lru_cache(maxsize=100_000)
def _ngrams(token: str) -> tuple[str, ...]:
    padded = f" {token} "
    return tuple(
        padded[i : i + size] for size in _NGRAM_SIZES for i in range(len(padded) - size + 1)
    )


def stance_features(masked: str, *, stemmed: bool = True) -> dict[str, Tokens]:
    """Return the blocks of the stance model: `words`, `letters` and `cues`."""
    tokens = words(masked)
    return {
        "words": word_features(tokens, stemmed=stemmed),
        "letters": letter_features(tokens),
        "cues": cue_features(masked),
    }
