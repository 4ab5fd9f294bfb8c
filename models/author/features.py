"""What the author model sees of a post: findings, the profile, the words around findings."""

import re
from itertools import pairwise

from models.author.gate import PROFILE_FIELDS, Examination, Finding
from models.author.rules import RuleVerdict
from models.author.voice import post_cues, voice_cues
from models.stance.features import letter_features

_WORD = re.compile(r"[a-z]+")
_REACH = 45
_NEAR = 24
_PROFILE_LIMIT = 600
# A text of nothing but signs says no more by its 2,000th than by its first.
_SIGNS_LIMIT = 40


def author_features(examination: Examination, verdict: RuleVerdict) -> dict[str, list[str]]:
    """Return the blocks `cues` (findings), `profile`, `window` and `near` (words, n-grams)."""
    in_post = [s for s in verdict.signs if s.evidence.field not in PROFILE_FIELDS][:_SIGNS_LIMIT]
    return {
        "cues": _cues(examination, verdict) + _voices(examination, in_post),
        "profile": _profile(examination),
        "window": _windows(examination, in_post),
        "near": _near(examination, in_post),
    }


def _cues(examination: Examination, verdict: RuleVerdict) -> list[str]:
    cues: list[str] = []
    for sign in verdict.signs[:_SIGNS_LIMIT]:
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
    cues.append(f"kinds {min(len({s.entry.kind for s in verdict.signs}), 3)}")
    best = max((int(s.level) for s in verdict.signs), default=0)
    cues.append(f"best {best} {'profile' if in_profile else 'post'}")
    cues.append("no profile" if not PROFILE_FIELDS & examination.fields.keys() else "profile")
    return cues


def _voices(examination: Examination, signs: list[Finding]) -> list[str]:
    cues: list[str] = []
    for sign in signs:
        text = examination.fields[sign.evidence.field]
        told = voice_cues(text, sign.start, sign.end)
        cues += told
        cues += [f"{sign.entry.shows} {cue}" for cue in told]
    if signs:
        cues += post_cues(examination.fields.get("text", ""))
    return cues


def _profile(examination: Examination) -> list[str]:
    features: list[str] = []
    for field in ("author.handle", "author.name", "author.bio"):
        tokens = _WORD.findall(examination.fields.get(field, "")[:_PROFILE_LIMIT])
        features += [f"w {token}" for token in tokens]
        features += [f"w {a} {b}" for a, b in pairwise(tokens)]
        features += letter_features(tokens)
    return features


def _windows(examination: Examination, signs: list[Finding]) -> list[str]:
    """Words before, in and after each sign that stands in the post itself."""
    features: list[str] = []
    for sign in signs:
        text = examination.fields[sign.evidence.field]
        before = _WORD.findall(text[max(0, sign.start - _REACH) : sign.start])
        after = _WORD.findall(text[sign.end : sign.end + _REACH])
        features += [f"< {word}" for word in before] + [f"> {word}" for word in after]
        features += [f"<< {before[-1]}"] if before else ["<< start"]
        features += [f">> {after[0]}"] if after else [">> end"]
        features += [f"= {word}" for word in _WORD.findall(sign.evidence.text.lower())]
    return features


def _near(examination: Examination, signs: list[Finding]) -> list[str]:
    """Letter n-grams of the nearest words, by side: what spelling a region has for "I work at"."""
    features: list[str] = []
    for sign in signs:
        text = examination.fields[sign.evidence.field]
        before = _WORD.findall(text[max(0, sign.start - _NEAR) : sign.start])
        after = _WORD.findall(text[sign.end : sign.end + _NEAR])
        features += [f"<{gram}" for gram in letter_features(before)]
        features += [f">{gram}" for gram in letter_features(after)]
    return features
