"""The closed lists of `vocabulary.toml`, read once."""

import re
import tomllib
from pathlib import Path

from training.contrast import MOVING

_DATA = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))

LANGUAGES = frozenset(_DATA["languages"])
AXES = frozenset(_DATA["axes"])
# Labels must not move along these; along the others at least one must.
COUNTERFACTUAL = AXES - set(MOVING)
GOLD_KEYS = frozenset(_DATA["gold"])
META_KEYS = frozenset(_DATA["meta"])
AUTHOR_VALUES = {
    "religion": frozenset(_DATA["religions"]),
    "gender": frozenset(_DATA["genders"]),
    "name_group": frozenset(_DATA["name_groups"]),
}
FUNCTION_WORDS = frozenset(_DATA["function_words"])
EVERYBODYS = re.compile("|".join(_DATA["everybodys"]))
# Writer and voice: "w12-nganjuk". Parts of one writer, told apart by a letter ("w6a"), are one.
VOICE = re.compile(r"([a-z]+\d*)[a-z]?-[a-z0-9-]+")
