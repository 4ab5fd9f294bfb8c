"""Contrast sets (Gardner et al. 2020): a small change that must move a label, or must not.

A group is right only when every variant in it is: where the label moves, one answer for all
variants gets no group right.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from training.dataset import Example
from training.intervals import Labels, interval

MOVING = ("stance", "asn")


def groups_right(
    examples: Sequence[Example], gold: Sequence[Any], told: Sequence[Any]
) -> dict[str, Any]:
    """Return the share of groups with every answer right, over groups whose gold answer moves.

    `gold` and `told` hold one answer an example. Share and bounds are None without such a group.
    """
    groups = _groups(examples, list(zip(gold, told, strict=True)))
    moving = [pairs for pairs in groups if len({one for one, _ in pairs}) > 1]
    answers = [all(one == two for one, two in pairs) for pairs in moving]
    return {"groups": len(answers), **interval(answers, answers, _share)}


def groups_moved(examples: Sequence[Example], told: Sequence[Any]) -> dict[str, Any]:
    """Return the share of groups in which the answer moves between the variants."""
    moved = [len(set(answers)) > 1 for answers in _groups(examples, told)]
    return {"groups": len(moved), **interval(moved, moved, _share)}


def _groups(examples: Sequence[Example], values: Sequence[Any]) -> list[list[Any]]:
    by_group: dict[str, list[Any]] = defaultdict(list)
    for example, value in zip(examples, values, strict=True):
        by_group[str(example.meta.get("pair"))].append(value)
    return list(by_group.values())


def is_contrast(examples: Sequence[Example]) -> bool:
    """True when every post belongs to a contrast group."""
    return bool(examples) and all("pair" in example.meta for example in examples)


def _share(gold: Labels, _: Labels) -> float:
    return float(np.mean(gold))
