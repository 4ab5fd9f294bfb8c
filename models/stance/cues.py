"""Ways of taking sides and of staying out, across languages, as a few features of the model."""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from itertools import combinations

_NEGATION = re.compile(
    r"(?<![a-z])(?:bukan|tidak|tak|gak|ga|nggak|ngga|enggak|ora|ra|mboten|teu|henteu|indak|ndak|"
    r"jangan|jgn|ojo|ulah|jan|sonde|seng|nyanda|tra|tara|moh|emoh|belum)\s+(?:[a-z]+\s+){0,2}?$"
)
_NEGATION_REACH = 30
# Only what can be turned round by "not": there is no "not Bawaslu".
_NEGATABLE = frozenset({"vote", "win", "support", "praise", "further"})
_MARKS = ("xcalon", "xangka", "xtautan", "xpartai", "xakun")
_WORDS_PER_LENGTH, _LENGTHS = 6, 5


@lru_cache(maxsize=1)
def load_groups() -> dict[str, re.Pattern[str]]:
    """Read and compile `cues.toml` (once per process): group name to pattern."""
    source = resources.files("models.stance").joinpath("cues.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        name: re.compile(rf"(?<![a-z])(?:{'|'.join(patterns)})")
        for name, patterns in raw["groups"].items()
    }


def cue_features(masked: str) -> list[str]:
    """Return the groups found in a masked text, pairs of them, and its outward form."""
    found: list[str] = []
    for name, pattern in load_groups().items():
        starts = [match.start() for match in pattern.finditer(masked)]
        if not starts:
            continue
        found.append(name)
        if name in _NEGATABLE and any(_negated(masked, start) for start in starts):
            found.append(f"not {name}")
        if len(starts) > 1:
            found.append(f"{name}+")
    once = [name for name in found if not name.endswith("+")]
    together = [f"{first}&{second}" for first, second in combinations(once, 2)]
    return found + together + _form(masked)


def _negated(masked: str, start: int) -> bool:
    return _NEGATION.search(masked[max(0, start - _NEGATION_REACH) : start]) is not None


def _form(masked: str) -> list[str]:
    form = [f"length {min(_LENGTHS, len(masked.split()) // _WORDS_PER_LENGTH)}"]
    form += [mark for mark in (*_MARKS, "?", "!") if mark in masked]
    if '"' in masked or "\u201c" in masked:
        form.append("quote")
    return form
