"""Disturbed copies of rendered posts: what must not change the answer changes in every epoch.

Names no list knows must read like the marks of known ones, and haste, slang and dropped emoji
like plain writing (rule 7; Ribeiro et al. 2020, "Beyond Accuracy: CheckList").
"""

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_PERSON = re.compile(r"<calon([1-4])>")
_PARTY = re.compile(r"<partai([1-4])>")
_SIMPLE = re.compile(r"<(tempat|agama)>")
_WORD = re.compile(r"(?<![\w<#@])[a-z]{4,}(?![\w>])")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]+")


_LISTED, _CODA = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class AugmentPlan:
    """Chance, per rendered post, of each kind of disturbance; `per_word` of a typing error."""

    person: float = 0.6
    party: float = 0.15
    simple: float = 0.2
    slang: float = 0.2
    typing: float = 0.15
    per_word: float = 0.12
    emoji: float = 0.15


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, list[str]] | list[str]]:
    source = resources.files("training.encoder").joinpath("augment.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _list(name: str) -> list[str]:
    found = _words()[name]
    assert isinstance(found, list)
    return found


def augmented(text: str, chance: random.Random, plan: AugmentPlan = AugmentPlan()) -> str:
    """Return a rendered post with some of it rewritten; the labels stay true."""
    if chance.random() < plan.person:
        text = _names(text, chance)
    if chance.random() < plan.party:
        text = _same_for_same(_PARTY, text, lambda: chance.choice(_list("party")))
    if chance.random() < plan.simple:
        text = _SIMPLE.sub(lambda m: _simple(m.group(1), chance), text)
    if chance.random() < plan.emoji:
        text = _EMOJI.sub("", text)
    if chance.random() < plan.slang:
        text = _slang(text, chance)
    if chance.random() < plan.typing:
        text = _WORD.sub(lambda m: _mistyped(m.group(0), chance, plan.per_word), text)
    return text


def _names(text: str, chance: random.Random) -> str:
    def name() -> str:
        given = _person(chance, "given")
        return given if chance.random() < 0.6 else f"{given} {_person(chance, 'family')}"

    return _same_for_same(_PERSON, text, name)


def _person(chance: random.Random, kind: str) -> str:
    """Return a listed name, or one made up: a list is learned by heart, syllables are not."""
    if chance.random() < _LISTED:
        return chance.choice(_list(kind))
    syllables = [chance.choice(_list("syllable")) for _ in range(chance.choice((2, 2, 3, 3, 4)))]
    return "".join(syllables) + (chance.choice(_list("coda")) if chance.random() < _CODA else "")


def _same_for_same(pattern: re.Pattern[str], text: str, invent: Callable[[], str]) -> str:
    names: dict[str, str] = {}
    return pattern.sub(lambda m: names.setdefault(m.group(1), invent()), text)


def _simple(kind: str, chance: random.Random) -> str:
    return chance.choice(_list("place" if kind == "tempat" else "religion"))


def _slang(text: str, chance: random.Random) -> str:
    slang = _words()["slang"]
    assert isinstance(slang, dict)

    def shorten(match: re.Match[str]) -> str:
        forms = slang.get(match.group(0))
        return chance.choice(forms) if forms and chance.random() < 0.6 else match.group(0)

    return re.sub(r"\b[a-z]{4,}\b", shorten, text)


def _mistyped(word: str, chance: random.Random, per_word: float) -> str:
    if chance.random() >= per_word:
        return word
    place = chance.randrange(len(word) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]
