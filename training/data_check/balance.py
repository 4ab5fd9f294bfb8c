"""Probes that tell whether a name, or where an author comes from, gives a label away.

Each is a logistic regression that sees nothing else, judged by balanced accuracy in
cross-validation: at chance, the thing says nothing about the label.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from models.normalize import fold_text
from training.data_check.dataset_files import Entry
from training.data_check.label_rules import GROUPS
from training.intervals import balanced_accuracy, interval

LIMIT = 0.03
_FOLDS = 10
_RARE = 5
_SEED = 11
_NAMES = Path(__file__).with_name("names.toml")
_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:paslon|pasangan|nomor(?: urut)?|nomer|nmr|no\.?(?: ?urut)?|urut|coblos|salam)"
    r"[ .:#]*0?([1-9]|satu|dua|tiga|empat|lima|siji|loro|telu|papat|hiji|tilu|opat)"
    r"(?![a-z0-9]|[.,]\d)"
    r"|(?<![a-z0-9])(?:kosong|nol) (satu|dua|tiga)(?![a-z0-9])"
)
_DIGIT = {
    **{word: "1" for word in ("satu", "siji", "hiji")},
    **{word: "2" for word in ("dua", "loro")},
    **{word: "3" for word in ("tiga", "telu", "tilu")},
    **{word: "4" for word in ("empat", "papat", "opat")},
    "lima": "5",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """How well something alone predicts a label; `low` and `high` are 95% bounds."""

    seen: str
    label: str
    posts: int
    chance: float
    value: float
    low: float
    high: float

    @property
    def even(self) -> bool:
        """True unless the label is told more than three points better than by chance.

        Worse than chance tells nothing either: where every value has the same labels, the posts
        left out of a fold lean the other way by as much as they are missing.
        """
        return self.value - self.chance <= LIMIT

    def to_dict(self) -> dict[str, Any]:
        names = ("seen", "label", "posts", "chance", "value", "low", "high")
        return {name: getattr(self, name) for name in names} | {"even": self.even}


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    patterns = []
    for kind, names in data.items():
        for name, forms in names.items():
            body = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
            patterns.append((re.compile(rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])"), f"{kind}:{name}"))
    return tuple(patterns)


def names_in(entry: Entry) -> frozenset[str]:
    """Return the parties, figures, pair numbers and local names of a post, one name for all forms.

    What the writer listed in `meta.named`; where nothing was listed, what the text, caption and
    `gold.targets` show.
    """
    if "named" in entry.meta:
        found = set().union(*(_names_of(str(name)) for name in entry.meta["named"]))
    else:
        found = _canonical(entry.written)
        found = found.union(*(_names_of(str(name)) for name in entry.gold.get("targets", ())))
    return frozenset(found - {"local:"})  # a code of signs alone names nobody by itself


def _names_of(name: str) -> set[str]:
    return _canonical(name) or _number_alone(name) or {f"local:{_plain(name)}"}


def _canonical(text: str) -> set[str]:
    folded = fold_text(text)
    found = {name for pattern, name in _forms() if pattern.search(folded)}
    for match in _NUMBER.finditer(folded):
        told = match.group(1) or match.group(2)
        found.add(f"number:{_DIGIT.get(told, told)}")
    # "PAN" is a party, "pan" a word in many languages: only capitals count.
    return found | ({"party:PAN"} if re.search(r"\bPAN\b", text) else set())


def _number_alone(name: str) -> set[str]:
    """Read "02", "4 jari" or "nomer telu", not the digits inside a disguised name."""
    words = re.findall(r"\w+", name.casefold())
    digits = (word.lstrip("0") for word in words if re.fullmatch(r"0?[1-9]", word))
    return {f"number:{digit}" for digit in (*digits, *(_DIGIT[w] for w in words if w in _DIGIT))}


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", fold_text(name)).strip()


def balance_probes(entries: Sequence[Entry]) -> list[Probe]:
    """Run both probes: names over posts that name one, where the author is from over all posts.

    A label of which there are fewer posts than folds tells nothing and is left out.
    """
    naming = [(entry, names) for entry in entries if (names := names_in(entry))]
    labels: dict[str, Callable[[Entry], str]] = {
        "stance": lambda entry: str(entry.gold["stance"]),
        "asn": lambda entry: str(entry.gold["asn"] != "none"),
        "flag": lambda entry: str(entry.flag),
    }
    probes = []
    told = Counter(name for _, names in naming for name in names)
    for label, of in labels.items():
        seen = [_features(names, told) for _, names in naming]
        probes.append(_probe("nama", label, seen, [of(entry) for entry, _ in naming]))
        for key in ("region", "religion", "gender", "name_group"):
            values = [{key: _author_value(entry, key)} for entry in entries]
            probes.append(_probe(key, label, values, [of(entry) for entry in entries]))
    return [probe for probe in probes if probe is not None]


def _features(names: frozenset[str], told: Counter[str]) -> dict[str, int]:
    """One feature a name; rare names, which no other fold knows, count by their kind."""
    kinds = (
        name if told[name] >= _RARE else f"{name.partition(':')[0]}:rare" for name in sorted(names)
    )
    return dict.fromkeys(kinds, 1)


def _author_value(entry: Entry, key: str) -> str:
    value = str(entry.meta.get(key, "-"))
    return value[:2] if key == "region" else value  # province


def _probe(seen: str, label: str, features: list[dict[str, Any]], gold: list[str]) -> Probe | None:
    counts = Counter(gold)
    if len(counts) < 2 or min(counts.values()) < _FOLDS:
        return None
    model = LogisticRegression(class_weight="balanced", C=1.0, max_iter=500)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    told = cross_val_predict(model, DictVectorizer().fit_transform(features), gold, cv=folds)
    codes = {name: code for code, name in enumerate(sorted(set(gold)))}
    truth = np.array([codes[name] for name in gold])
    answer = np.array([codes[name] for name in told])
    bounds = interval(truth, answer, balanced_accuracy)
    value, low, high = (float(bounds[key] or 0) for key in ("value", "low", "high"))
    return Probe(seen, label, len(gold), round(1 / len(codes), 4), value, low, high)


def naming_shares(entries: Sequence[Entry]) -> dict[str, float]:
    """Return, by group, the share of posts that name a party, candidate or number."""
    shares = {}
    for group in GROUPS:
        own = [entry for entry in entries if entry.meta.get("group") == group]
        shares[group] = round(sum(bool(names_in(e)) for e in own) / max(1, len(own)), 4)
    return shares
