"""What more labelled posts bring: the stance baseline on growing parts of the training posts.

The parts are nested and chosen by hash of the post's id; three hashes, of which the median is
told, since a part of 250 posts depends on luck.
"""

import hashlib
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from training.baseline import fit_baseline, told_stances
from training.contrast import groups_right, is_contrast
from training.dataset import Example
from training.errors import DatasetError
from training.intervals import interval, macro_f1

SIZES = (250, 500, 1_000, 2_000, 3_500)
REAL_SIZES = (400, 1_600, 4_000)
_DRAWS = 3
Progress = Callable[[str], None]


def learning_curve(
    written: Sequence[Example],
    real: Sequence[Example],
    measured: Mapping[str, Sequence[Example]],
    progress: Progress = lambda step: None,
) -> list[dict[str, Any]]:
    """Return one row for each training set: posts of each kind and stance macro F1 on each file.

    `measured` maps a name to a file of labelled posts; contrast sets are measured by the share
    of groups right in every variant, of those whose stance moves. The largest sets, fitted
    once, carry 95% intervals. Raises DatasetError when the written posts hold fewer than two
    stances.
    """
    if len({example.gold.stance for example in written}) < 2:
        raise DatasetError("train.jsonl: sedikitnya dua sikap diperlukan untuk melatih")
    plan = [(size, 0) for size in _up_to(SIZES, len(written))]
    if real:
        plan += [(0, size) for size in _up_to(REAL_SIZES, len(real))]
        plan += [(size, len(real)) for size in _up_to(SIZES, len(written))]
    rows = []
    for number, (own, others) in enumerate(plan, 1):
        progress(f"{number}/{len(plan)}")
        whole = own in (0, len(written)) and others in (0, len(real))
        draws = [
            _scores([*_part(written, own, draw), *_part(real, others, draw)], measured)
            for draw in range(1 if whole else _DRAWS)
        ]
        rows.append(
            {"written_posts": own, "real_posts": others, "draws": len(draws)}
            | {name: _median([draw[name] for draw in draws]) for name in measured}
        )
    return rows


def _up_to(sizes: Sequence[int], whole: int) -> list[int]:
    return [size for size in sizes if size < whole] + [whole]


def _part(examples: Sequence[Example], size: int, draw: int) -> list[Example]:
    def place(example: Example) -> bytes:
        return hashlib.sha256(f"{draw}:{example.post.id}".encode()).digest()

    return sorted(examples, key=place)[:size]


def _scores(
    train: Sequence[Example], measured: Mapping[str, Sequence[Example]]
) -> dict[str, dict[str, Any]]:
    baseline = fit_baseline(train)
    scores = {}
    for name, examples in measured.items():
        gold = [example.gold.stance.value for example in examples]
        told = told_stances(baseline, examples)
        if is_contrast(examples):
            scores[name] = groups_right(examples, gold, told)
        else:
            scores[name] = {"posts": len(gold), **interval(gold, told, macro_f1)}
    return scores


def _median(draws: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if len(draws) == 1:
        return dict(draws[0])
    known = [draw["value"] for draw in draws if draw["value"] is not None]
    return {"value": statistics.median(known) if known else None}
