"""Which group a post belongs to: whom it names, where it is from, what it mentions."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from models.normalize import fold_text
from training.data_check.balance import names_in
from training.data_check.dataset_files import Entry
from training.dataset import Example

_DATA = tomllib.loads(Path(__file__).with_name("mentions.toml").read_text(encoding="utf-8"))
NONE = "-"
SEVERAL = "several"
_HIGHEST_NUMBER = 5


def _parties(example: Example) -> list[str]:
    return _named(example, "party") or [NONE]


def _numbers(example: Example) -> list[str]:
    numbers = {n for n in _named(example, "number") if int(n) <= _HIGHEST_NUMBER}
    return sorted(numbers) or [NONE]


def _province(example: Example) -> list[str]:
    return [str(_DATA["province"].get(_region(example), NONE))]


def _island(example: Example) -> list[str]:
    return [str(_DATA["island"].get(_region(example)[:1], NONE))]


def _language(example: Example) -> list[str]:
    return [example.gold.lang or NONE]


def _name_group(example: Example) -> list[str]:
    return [str(example.meta.get("name_group") or NONE)]


def _religion(example: Example) -> list[str]:
    return [_mentioned(example, "religion")]


def _gender(example: Example) -> list[str]:
    return [_mentioned(example, "gender")]


# A post that names several parties or numbers belongs to each of those groups.
SENSITIVE_FEATURES: Mapping[str, Callable[[Example], list[str]]] = {
    "party": _parties,
    "number": _numbers,
    "region": _province,
    "island": _island,
    "language": _language,
    "religion_mention": _religion,
    "gender_mention": _gender,
    "name_group": _name_group,
}


def _named(example: Example, kind: str) -> list[str]:
    found = names_in(_entry(example))
    return sorted(name.partition(":")[2] for name in found if name.startswith(f"{kind}:"))


def _entry(example: Example) -> Entry:
    """Return the post as it stands in its file, with the labels that were read."""
    row: dict[str, Any] = dict(example.post.received)
    gold = {"targets": list(example.gold.targets)}
    return Entry("", 0, {**row, "gold": gold, "meta": dict(example.meta)})


def _region(example: Example) -> str:
    return str(example.meta.get("region") or example.post.region or "")[:2]


def _mentioned(example: Example, kind: str) -> str:
    folded = fold_text(f"{example.post.text}\n{example.post.media_alt}")
    found = [name for name, pattern in _patterns(kind).items() if pattern.search(folded)]
    if len(found) > 1:
        return SEVERAL
    return found[0] if found else NONE


@cache
def _patterns(kind: str) -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![a-z0-9@#])(?:{'|'.join(words)})(?![a-z0-9])")
        for name, words in _DATA[kind].items()
    }
