"""What the stance model must not see: who is meant, where, and by which number.

Candidates, parties, places, religions, forms of address and ballot numbers become placeholders
before anything is counted (rule 7, neutral watcher); handles and links too, so that an artifact
can hold none of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.normalize import fold_text

# Repeats are bounded or anchored throughout: an unbounded one that is tried at every character
# takes ten seconds for one post of 20,000 digits.
_URL = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{1,63}\.(?:com|id|net|org|co|ly|gl)(?:/\S*)?\b"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,255}\.[\w.]+")
_HANDLE = re.compile(r"@[\w.]+")
_RETWEET = re.compile(r"^\s*rt\b[\s:]*")
# "2 periode" asks for another term: the number belongs to the meaning, not to a ballot.
_TERM = re.compile(r"\b(?:2|dua|ii|kalih|loro|rong|duo)[\s-]*(?:x\s*)?(?:periode|priode|periodeh)")
_FINGERS = re.compile(
    "[\u261d\u270c\U0001f446\U0001f918\U0001f91f\U0001f44c\U0001f590\u270b\U0001f91e]+"
)
_KEYCAP = re.compile("[0-9]\ufe0f?\u20e3")
_LONG_NUMBER = re.compile(r"\d[\d.,]{2,}")
_NUMBER = re.compile(r"(?:\b|(?<=[a-z]))0*\d{1,2}(?:\b|(?=[a-z]))")
_NUMBER_WORDS = (
    r"(?:kosong\s*)?(?:satu|dua|tiga|empat|lima|enam|siji|loro|telu|papat|hiji|tilu|opat|ciek|duo|tigo|ampek|"
    r"seddi|tellu|sada|tolu|tige|nol)"
)
# Anywhere, not only after "nomor": people play on their number in every way they can.
_SAID_NUMBER = re.compile(rf"(?<![a-z]){_NUMBER_WORDS}(?![a-z])")
_ELONGATED = re.compile(r"([a-z])\1{2,}")
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9!@$][\s.\-_*]){3,}[a-z0-9!@$](?![a-z0-9])")
_SEPARATORS = re.compile(r"[\s.\-_*]")
_LEET = str.maketrans("013457@!$", "oieastais")
_LEET_WORD = re.compile(r"[a-z0-9@!$]{2,}")
_LETTER = re.compile(r"[a-z]")
_LEET_INSIDE = re.compile(r"[a-z][013457@!$]+[a-z]|^[013457@!$][a-z]{2,}")
# Digits that follow a word mean a number or year ("menang02", "pemilu2024"), not letters.
_TRAILING_NUMBER = re.compile(r"^[a-z]+\d+$|^\d+[a-z]{2,}$")
_GLUED = 5
# Names nobody listed: the local pair "Karna-Koko", and the capitalised name after a form of
# address ("Pak Heroe"). Without this the model would learn local names by heart.
NAME_PAIR = re.compile(
    r"\b[A-Z][A-Za-z']{2,}(?:\s[A-Z][a-z']{2,})?\s?[-\u2013&]\s?[A-Z][A-Za-z']{2,}\b"
)
ADDRESSED = re.compile(
    r"\b([Pp]ak|[Bb]apak|[Bb]u|[Ii]bu|[Bb]ang|[Mm]as|[Mm]bak|[Kk]ang|[Tt]eh|[Cc]ak|[Uu]da|[Bb]ung|[Gg]us|"
    r"[Bb]li|[Dd]aeng|[Pp]uang|[Oo]m|[Kk]aka?|[Pp]a|H\.|Hj\.|[Kk]akak|[Aa]jo|[Dd]atuk|[Tt]uan)"
    r"\s+([A-Z][a-z']{2,})(?:\s[A-Z][a-z']{2,})?"
)
_TITLES = (
    "Guru Camat Lurah Bupati Gubernur Kades Kadis Presiden Menteri Wali Calon Bidan Dosen Dokter "
    "Ketua Haji Ibu Bapak Saya Kami RT RW Kepala Sekda"
)
NOT_NAMES = frozenset(_TITLES.split())


@dataclass(frozen=True, slots=True)
class Entities:
    """Names to mask, compiled; the same data is kept in every artifact.

    `participants` finds candidates and parties in a folded text, with a form of address before
    the name where there is one.
    """

    whole: re.Pattern[str]
    glued: re.Pattern[str]
    participants: re.Pattern[str]
    placeholder: Mapping[str, str]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Entities":
        """Build from `{kind: {"placeholder": ..., "names": [...]}}`, the shape of the TOML file."""
        by_name: dict[str, str] = {}
        for kind in data.values():
            for name in kind["names"]:
                by_name.setdefault(str(name), str(kind["placeholder"]))
        glued_kinds = ("candidate", "party")
        glued = [
            name
            for kind in glued_kinds
            for name in data.get(kind, {}).get("names", ())
            if len(name) >= _GLUED and " " not in name
        ]
        participants = [n for kind in glued_kinds for n in data.get(kind, {}).get("names", ())]
        titles = data.get("title", {}).get("names", ())
        title = f"(?:(?:{'|'.join(map(re.escape, titles))})\\s+)?" if titles else ""
        return cls(
            whole=_alternation(by_name, r"(?<![a-z0-9])(?:{})(?![a-z0-9])"),
            glued=_alternation(glued, "(?:{})"),
            participants=_alternation(participants, rf"(?<![a-z0-9]){title}(?:{{}})(?![a-z0-9])"),
            placeholder=by_name,
        )

    def mask(self, folded: str) -> str:
        """Replace every known name of a folded text by its placeholder."""

        def substitute(match: re.Match[str]) -> str:
            return f" {self.placeholder[match.group(0)]} "

        return self.glued.sub(substitute, self.whole.sub(substitute, folded))


def _alternation(names: "Mapping[str, str] | list[str]", frame: str) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    # An empty list must match nothing, not the empty string.
    body = "|".join(re.escape(name) for name in longest_first) or r"(?!)"
    return re.compile(frame.format(body))


def masked_text(text: str, entities: Entities) -> str:
    """Return what the stance model reads of a text: folded, un-disguised, names masked."""
    folded = _RETWEET.sub("", fold_text(_mask_unlisted(text)))
    folded = _URL.sub(" xtautan ", _EMAIL.sub(" xsurel ", folded))
    folded = _HANDLE.sub(" xakun ", folded)
    folded = _KEYCAP.sub(" xangka ", _FINGERS.sub(" xjari ", folded))
    folded = _SPACED.sub(lambda m: _SEPARATORS.sub("", m.group(0)), folded)
    folded = _LEET_WORD.sub(_unleet, folded)
    folded = _ELONGATED.sub(r"\1", folded)
    folded = _TERM.sub(" duaperiode ", folded)
    folded = _SAID_NUMBER.sub("xangka", folded)
    folded = entities.mask(folded)
    return _NUMBER.sub(" xangka ", _LONG_NUMBER.sub(" xjumlah ", folded))


def _mask_unlisted(text: str) -> str:
    """Replace names that only their capitals give away; works on the text as received."""

    def substitute(match: re.Match[str]) -> str:
        address, name = match.group(1), match.group(2)
        return match.group(0) if name in NOT_NAMES else f"{address} xcalon"

    return ADDRESSED.sub(substitute, NAME_PAIR.sub(" xcalon xcalon ", text))


def _unleet(match: re.Match[str]) -> str:
    word = match.group(0)
    if len(_LETTER.findall(word)) < 2 or _TRAILING_NUMBER.match(word):
        return word
    if not _LEET_INSIDE.search(word):
        return word
    return word.translate(_LEET)
