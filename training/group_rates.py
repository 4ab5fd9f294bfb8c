"""Flag rate and both kinds of error by group, in the words of fairlearn (Bird et al. 2020).

`selection_rate`: share flagged. `false_positive_rate`: share flagged of posts that should not be.
`false_negative_rate`: share not flagged of posts that should be. `true_positive_rate`: recall.
Each with a Wilson interval; `difference` is largest minus smallest between groups large enough.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from training.dataset import Example
from training.intervals import difference, wilson
from training.mentions import NONE, SENSITIVE_FEATURES, SEVERAL

# Groups with fewer posts are shown but not compared: chance alone moves them by 15 points.
SMALLEST_COMPARED = 40
MEASURES = ("selection_rate", "false_positive_rate", "false_negative_rate", "true_positive_rate")
_HITS = {
    "selection_rate": ("flagged", "posts"),
    "false_positive_rate": ("wrong_flags", "negative"),
    "false_negative_rate": ("missed", "positive"),
    "true_positive_rate": ("found", "positive"),
}


def rates_by_group(examples: Sequence[Example], flagged: Sequence[bool]) -> dict[str, Any]:
    """Return, for every sensitive feature, counts and rates by group and their differences.

    `flagged` holds one answer an example. Posts where a feature does not show are the group "-",
    which is told but never compared, like posts that mention several.
    """
    result: dict[str, Any] = {}
    for feature, groups_of in SENSITIVE_FEATURES.items():
        members: dict[str, list[tuple[bool, bool]]] = {}
        for example, answer in zip(examples, flagged, strict=True):
            for group in groups_of(example):
                members.setdefault(group, []).append((example.gold.flag, answer))
        groups = {name: _rates(pairs) for name, pairs in sorted(members.items())}
        result[feature] = {"groups": groups, "difference": _differences(groups)}
    return result


def _rates(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    counts = {
        "posts": len(pairs),
        "positive": sum(gold for gold, _ in pairs),
        "negative": sum(not gold for gold, _ in pairs),
        "flagged": sum(told for _, told in pairs),
        "found": sum(gold and told for gold, told in pairs),
        "missed": sum(gold and not told for gold, told in pairs),
        "wrong_flags": sum(told and not gold for gold, told in pairs),
    }
    return counts | {
        name: wilson(counts[hits], counts[tries]) for name, (hits, tries) in _HITS.items()
    }


def compared(groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return the groups large enough to be compared, "-" and "several" left out."""
    return {
        name: rates
        for name, rates in groups.items()
        if name not in (NONE, SEVERAL) and rates["posts"] >= SMALLEST_COMPARED
    }


def differences(groups: Mapping[str, Any], measure: str) -> list[dict[str, Any]]:
    """Return how far a rate differs between every two groups, the largest difference first.

    `tries` are the posts the two rates rest on (`high_group` first). The intervals hold for all
    pairs together: the largest of many differences is large by chance alone.
    """
    hits, tries = _HITS[measure]
    known = [(name, r) for name, r in groups.items() if r[measure]["value"] is not None]
    pairs = [
        sorted(pair, key=lambda one: -one[1][hits] / one[1][tries])
        for pair in itertools.combinations(known, 2)
    ]
    found = [
        {
            **difference((high[hits], high[tries]), (low[hits], low[tries]), len(pairs)),
            "high_group": high_name,
            "low_group": low_name,
            "tries": [high[tries], low[tries]],
            "groups": len(known),
        }
        for (high_name, high), (low_name, low) in pairs
    ]
    return sorted(found, key=lambda row: -row["value"])


def largest_difference(groups: Mapping[str, Any], measure: str) -> dict[str, Any] | None:
    """Return the largest of `differences`; None with fewer than two groups with a known rate."""
    found = differences(groups, measure)
    return found[0] if found else None


def _differences(groups: Mapping[str, Any]) -> dict[str, Any]:
    large = compared(groups)
    return {measure: largest_difference(large, measure) for measure in MEASURES}
