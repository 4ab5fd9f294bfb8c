"""Does a disguise hide a post? Typing errors, capitals, digits for letters, spaced letters."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from models.cascade import Cascade
from models.post import Post
from training.dataset import Example
from training.intervals import yes_no

SEED = 11
_LEET = str.maketrans("aeios", "43105")
_CUE = re.compile(r"\b(?:coblos|pilih|dukung|menang|lanjut)\w*", re.IGNORECASE)


def _typos(text: str, chance: random.Random) -> str:
    """Swap two neighbouring letters in every fifth word, about."""

    def disturb(match: re.Match[str]) -> str:
        word = match.group(0)
        if chance.random() > 0.2:
            return word
        place = chance.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return re.sub(r"[A-Za-z]{5,}", disturb, text)


def _capitals(text: str, chance: random.Random) -> str:
    return text.upper()


def _lower(text: str, chance: random.Random) -> str:
    return text.lower()


def _leet(text: str, chance: random.Random) -> str:
    return _CUE.sub(lambda m: m.group(0)[0] + m.group(0)[1:].translate(_LEET), text)


def _spaced(text: str, chance: random.Random) -> str:
    return _CUE.sub(lambda m: " ".join(m.group(0)), text)


def _elongated(text: str, chance: random.Random) -> str:
    return re.sub(r"([aiueo])\b", r"\1\1\1\1", text)


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "typos": _typos,
    "capitals": _capitals,
    "lower_case": _lower,
    "leet": _leet,
    "spaced_letters": _spaced,
    "elongation": _elongated,
}


def measure_robustness(cascade: Cascade, examples: Sequence[Example]) -> dict[str, Any]:
    """Return precision, recall and F1 of the flag on the posts as they are and changed.

    Only the text is changed, never the profile. Needs posts with gold ASN labels.
    """
    gold = [e.gold.flag for e in examples]
    plain = [p.flag for p in cascade.predict([e.post for e in examples], explain=False)]
    result: dict[str, Any] = {"unchanged": yes_no(gold, plain)}
    for name, change in CHANGES.items():
        chance = random.Random(SEED)  # noqa: S311  # reproducible noise, not a secret
        posts = [_changed(e.post, change, chance) for e in examples]
        told = [p.flag for p in cascade.predict(posts, explain=False)]
        moved = sum(a != b for a, b in zip(plain, told, strict=True))
        result[name] = {**yes_no(gold, told), "flags_changed": moved}
    return result


def _changed(
    post: Post, change: Callable[[str, random.Random], str], chance: random.Random
) -> Post:
    return replace(post, text=change(post.text, chance))
