"""What the author model sees of a post: findings, the profile, the words around findings."""

import re
from itertools import pairwise

from models.author.gate import PROFILE_FIELDS, Examination
from models.author.rules import RuleVerdict
from models.stance.features import letter_features

_WORD = re.compile(r"[a-z]+")
_REACH = 45
_PROFILE_LIMIT = 600


def author_features(examination: Examination, verdict: RuleVerdict) -> dict[str, list[str]]:
    """Return the blocks `cues` (findings), `profile` and `window` (words and letter n-grams)."""
    return {
        "cues": _cues(examination, verdict),
        "profile": _profile(examination),
        "window": _windows(examination, verdict),
    }


def _cues(examination: Examination, verdict: RuleVerdict) -> list[str]:
    cues: list[str] = []
    for sign in verdict.signs:
        kind, field = sign.entry.kind, sign.evidence.field
        place = "profile" if field in PROFILE_FIELDS else field
        level = sign.level.name.lower()
        cues += [
            f"sign {kind} {place} {level}",
            f"sign {kind} {field}",
            f"shows {sign.entry.shows} {place} {level}",
            f"shows {sign.entry.shows}",
            f"place {place}",
        ]
    cues += [f"cancelled {sign.entry.kind}" for sign in verdict.cancelled]
    for counter in examination.counters:
        place = "profile" if counter.evidence.field in PROFILE_FIELDS else "post"
        cues += [f"counter {counter.entry.kind} {place}", f"counter {counter.entry.kind}"]
    in_profile = sum(s.evidence.field in PROFILE_FIELDS for s in verdict.signs)
    cues.append(f"profile signs {min(in_profile, 3)}")
    cues.append(f"post signs {min(len(verdict.signs) - in_profile, 3)}")
    cues.append("no profile" if not PROFILE_FIELDS & examination.fields.keys() else "profile")
    return cues


def _profile(examination: Examination) -> list[str]:
    features: list[str] = []
    for field in ("author.handle", "author.name", "author.bio"):
        tokens = _WORD.findall(examination.fields.get(field, "")[:_PROFILE_LIMIT])
        features += [f"w {token}" for token in tokens]
        features += [f"w {a} {b}" for a, b in pairwise(tokens)]
        features += letter_features(tokens)
    return features


def _windows(examination: Examination, verdict: RuleVerdict) -> list[str]:
    """Words before, in and after each sign that stands in the post itself."""
    features: list[str] = []
    for sign in verdict.signs:
        if sign.evidence.field in PROFILE_FIELDS:
            continue
        text = examination.fields[sign.evidence.field]
        before = _WORD.findall(text[max(0, sign.start - _REACH) : sign.start])
        after = _WORD.findall(text[sign.end : sign.end + _REACH])
        features += [f"< {word}" for word in before] + [f"> {word}" for word in after]
        features += [f"<< {before[-1]}"] if before else ["<< start"]
        features += [f">> {after[0]}"] if after else [">> end"]
        features += [f"= {word}" for word in _WORD.findall(sign.evidence.text.lower())]
    return features
