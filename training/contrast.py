"""Contrast sets (Gardner et al. 2020): a small change that must move a label, or must not.

A group is right only when every variant in it is: guessing one answer for all gets none of the
groups whose label moves.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from training.dataset import Example
from training.intervals import Labels, interval

MOVING = ("stance", "asn")


def groups_right(
    examples: Sequence[Example], right: Sequence[bool], axes: Callable[[str], bool]
) -> dict[str, Any]:
    """Return the share of groups, of those axes, in which every variant is right.

    `right` tells for each example whether its answer was right; lengths must be equal.
    """
    by_group: dict[str, list[bool]] = defaultdict(list)
    for example, one in zip(examples, right, strict=True):
        if axes(str(example.meta.get("axis"))):
            by_group[str(example.meta.get("pair"))].append(one)
    answers = [all(members) for members in by_group.values()]
    return {"groups": len(answers), **interval(answers, answers, _share)}


def groups_moved(examples: Sequence[Example], answers: Sequence[Any]) -> dict[str, Any]:
    """Return the share of counterfactual groups in which the answer moves; it never should."""
    by_group: dict[str, set[Any]] = defaultdict(set)
    for example, answer in zip(examples, answers, strict=True):
        if example.meta.get("axis") not in MOVING:
            by_group[str(example.meta.get("pair"))].add(answer)
    moved = [len(found) > 1 for found in by_group.values()]
    return {"groups": len(moved), **interval(moved, moved, _share)}


def is_contrast(examples: Sequence[Example]) -> bool:
    """True when every post belongs to a contrast group."""
    return bool(examples) and all("pair" in example.meta for example in examples)


def _share(gold: Labels, _: Labels) -> float:
    return float(np.mean(gold))
