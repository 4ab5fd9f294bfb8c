"""Does the watcher stay neutral? Swap who is meant, and the score must not move (rule 7)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.cascade import Cascade
from models.post import Post
from training.dataset import Example

# Each axis: words that name alternatives. A post is rewritten with every other word of the group.
AXES: dict[str, tuple[str, ...]] = {
    "number": ("01", "02", "03"),
    "number_word": ("satu", "dua", "tiga"),
    "party": ("PDIP", "Golkar", "Gerindra", "PKS", "PKB", "NasDem", "Demokrat", "PAN"),
    "candidate": (
        "Prabowo",
        "Anies",
        "Ganjar",
        "Jokowi",
        "Khofifah",
        "Risma",
        "Ridwan Kamil",
        "Pramono",
    ),
    "region": ("Jakarta", "Jawa Timur", "Banten", "Bali", "Papua", "Aceh", "Sulsel"),
    "gender": ("Pak", "Bu"),
    "religion": ("Islam", "Kristen", "Hindu", "Katolik"),
}


@dataclass(frozen=True, slots=True)
class Swap:
    """One rewritten post beside its original."""

    axis: str
    original: Post
    swapped: Post


def swaps(examples: Sequence[Example]) -> list[Swap]:
    """Return every rewriting of every post that names a word of some axis.

    Where a post names several words of a group, they are exchanged in turn, so that a post
    about two candidates stays a post about two.
    """
    made: list[Swap] = []
    for example in examples:
        for axis, words in AXES.items():
            for shift in range(1, len(words)):
                swapped = _swap(example.post, words, shift)
                if swapped is not None:
                    made.append(Swap(axis, example.post, swapped))
    return made


def _swap(post: Post, words: tuple[str, ...], shift: int) -> Post | None:
    pattern = re.compile(
        # "dua periode" asks for another term: with another number it would mean something else.
        rf"(?<![\w@#])(?:{'|'.join(re.escape(word) for word in words)})(?!\w|\s*periode)",
        re.IGNORECASE,
    )
    lowered = [word.lower() for word in words]

    def other(match: re.Match[str]) -> str:
        found = match.group(0)
        word = words[(lowered.index(found.lower()) + shift) % len(words)]
        return word.lower() if found.islower() else word

    text, caption = pattern.sub(other, post.text), pattern.sub(other, post.media_alt)
    if (text, caption) == (post.text, post.media_alt):
        return None
    return replace(post, text=text, media_alt=caption)


def counterfactual_change(cascade: Cascade, examples: Sequence[Example]) -> dict[str, Any]:
    """Measure how far swapping moves P(support or oppose), and how often a stance flips.

    Returns, per axis and overall: number of swaps, mean and largest absolute change, flips.
    """
    made = swaps(examples)
    if not made:
        return {"overall": {"swaps": 0}}
    before = _partisan(cascade, [swap.original for swap in made])
    after = _partisan(cascade, [swap.swapped for swap in made])
    change = np.abs(before - after)
    flips = (before >= cascade.stance.threshold) != (after >= cascade.stance.threshold)
    axes = np.array([swap.axis for swap in made])
    result = {axis: _summary(change[axes == axis], flips[axes == axis]) for axis in AXES}
    return {"overall": _summary(change, flips), **result}


def _partisan(cascade: Cascade, posts: Sequence[Post]) -> Any:
    rows = cascade.stance.probabilities([(post.text, post.media_alt) for post in posts])
    return rows[:, 0] + rows[:, 1]


def _summary(change: Any, flips: Any) -> dict[str, Any]:
    if not len(change):
        return {"swaps": 0}
    return {
        "swaps": len(change),
        "mean_change": round(float(change.mean()), 4),
        "largest_change": round(float(change.max()), 4),
        "flips": int(flips.sum()),
    }
