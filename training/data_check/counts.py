"""How many posts there are by every axis, and which aims of the collection are met."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.labels import Act
from training.data_check.dataset_files import CONTRAST, SPLITS, Entry
from training.data_check.duplicates import words_of
from training.data_check.vocabulary import COUNTERFACTUAL

_LENGTHS = ((4, "1-4"), (11, "5-11"), (30, "12-30"), (70, "31-70"), (math.inf, "71+"))
_SHARES = {"violation": 0.30, "asn_neutral": 0.20, "partisan_other": 0.25, "other": 0.25}
_SHARE_MARGIN = 0.03
_MANY = {"jv": 250, "su": 250}
# Bugis and Makassar are asked for together.
_REGIONAL = (
    *("min", "btw", "bjn", "mad", "ban", "bug+mak"),
    *("bbc", "ace", "xmm", "abs", "mkn", "pmy", "mix"),
)
_REGIONAL_POSTS = 60
_ACT_POSTS = 60


@dataclass(frozen=True, slots=True)
class Aim:
    """One number the collection is to reach."""

    name: str
    wanted: str
    value: str
    met: bool


def count_axes(entries: Sequence[Entry]) -> dict[str, dict[str, int]]:
    """Count posts by every axis; a post has one value on each, but may show several acts."""
    axes: dict[str, Iterable[str]] = {
        "split": (e.split for e in entries),
        "group": (str(e.meta.get("group")) for e in entries),
        "stance": (str(e.gold.get("stance")) for e in entries),
        "asn": (str(e.gold.get("asn")) for e in entries),
        "act": (str(act) for e in entries for act in e.gold.get("acts", ())),
        "lang": (str(e.gold.get("lang")) for e in entries),
        "platform": (str(e.row.get("platform")) for e in entries),
        "length": (_length(e) for e in entries),
        "form": (form for e in entries for form in _forms(e)),
        "province": (str(e.meta.get("region", "-"))[:2] for e in entries),
        "religion": (str(e.meta.get("religion", "-")) for e in entries),
        "gender": (str(e.meta.get("gender", "-")) for e in entries),
        "name_group": (str(e.meta.get("name_group", "-")) for e in entries),
    }
    return {axis: dict(Counter(values).most_common()) for axis, values in axes.items()}


def _length(entry: Entry) -> str:
    words = len(words_of(str(entry.row.get("text", ""))))
    return next(name for limit, name in _LENGTHS if words <= limit)


def _forms(entry: Entry) -> list[str]:
    tests = {
        "reply_to": entry.row.get("reply_to"),
        "media_alt": entry.row.get("media_alt"),
        "evasion": entry.meta.get("evasion"),
        "innocent_twin": entry.meta.get("innocent_twin"),
        "unsure_language": entry.meta.get("unsure_language"),
        "other_official": entry.gold.get("other_official"),
        "no_author": not entry.row.get("author"),
    }
    return [name for name, true in tests.items() if true]


def aims(entries: Sequence[Entry], naming: dict[str, float]) -> list[Aim]:
    """Compare the posts of train, dev and test, and the contrast groups, with the aims."""
    posts = [entry for entry in entries if entry.split in SPLITS]
    counts = count_axes(posts)
    total = max(1, len(posts))
    found = [_at_least("unggahan", len(posts), 7_000)]
    found.append(_at_least("suara", len({e.meta.get("voice") for e in posts}), 40))
    for group, share in _SHARES.items():
        own = counts["group"].get(group, 0) / total
        met = abs(own - share) <= _SHARE_MARGIN
        found.append(Aim(f"kelompok {group}", f"{share:.0%} ± 3 poin", f"{own:.1%}", met))
    found += _violation_aims([e for e in posts if e.flag])
    for act in Act:
        if act is not Act.OTHER:
            found.append(_at_least(f"act {act}", counts["act"].get(act, 0), _ACT_POSTS))
    for name in [*_MANY, *_REGIONAL]:
        own_posts = sum(counts["lang"].get(code, 0) for code in name.split("+"))
        found.append(_at_least(f"bahasa {name}", own_posts, _MANY.get(name, _REGIONAL_POSTS)))
    for form in ("evasion", "innocent_twin"):
        found.append(_at_least(form, counts["form"].get(form, 0), 300))
    found.append(_share("violation tanpa nama", 1 - naming["violation"]))
    found.append(_share("asn_neutral dengan nama", naming["asn_neutral"]))
    return found + _contrast_aims([e for e in entries if e.split == CONTRAST])


def _violation_aims(entries: Sequence[Entry]) -> list[Aim]:
    total = max(1, len(entries))
    explicit = sum(e.gold["asn"] == "explicit" for e in entries) / total
    ratio = sum(e.gold["stance"] == "support" for e in entries) / max(
        1, sum(e.gold["stance"] == "oppose" for e in entries)
    )
    return [
        # Two thirds; a little less since the posts of which only the words tell who speaks.
        Aim("violation explicit", "67% ± 6 poin", f"{explicit:.1%}", abs(explicit - 0.667) <= 0.06),
        Aim("violation support : oppose", "2,5-3,5", f"{ratio:.2f}", 2.5 <= ratio <= 3.5),
    ]


def _contrast_aims(entries: Sequence[Entry]) -> list[Aim]:
    pairs: dict[Any, str] = {e.meta.get("pair"): str(e.meta.get("axis")) for e in entries}
    moving = sum(axis not in COUNTERFACTUAL for axis in pairs.values())
    return [
        _at_least("kontras: label berpindah", moving, 500),
        _at_least("kontras: label harus tetap", len(pairs) - moving, 300),
    ]


def _at_least(name: str, value: int, wanted: int) -> Aim:
    return Aim(name, f"≥ {wanted}", str(value), value >= wanted)


def _share(name: str, value: float) -> Aim:
    return Aim(name, "≥ 30%", f"{value:.1%}", value >= 0.30)
