"""What the stance model must not see: who is meant, where, and by which number.

Candidates, parties, places, religions, forms of address and ballot numbers become placeholders
before anything is counted (rule 7, neutral watcher); handles and links too, so that an artifact
can hold none of them.
"""

import re
from collections.abc import Callable, Mapping
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
# An amount or a time, never "02" with the comma or full stop that follows it.
_LONG_NUMBER = re.compile(r"\d(?:[.,]?\d){2,}|\d[.,]\d")
_NUMBER = re.compile(r"(?:\b|(?<=[a-z]))0*\d{1,2}(?:\b|(?=[a-z]))")
_NUMBER_WORDS = (
    r"(?:kosong\s*)?(?:satu|dua|tiga|empat|lima|enam|siji|loro|telu|papat|hiji|tilu|opat|ciek|duo|tigo|ampek|"
    r"seddi|tellu|sada|tolu|tige|nol|tujuh|delapan|sembilan|sepuluh)"
)
# Anywhere, not only after "nomor": people play on their number in every way they can.
_SAID_NUMBER = re.compile(rf"(?<![a-z]){_NUMBER_WORDS}(?![a-z])")
# Not where the letter is the whole word: "PPP" is a party.
_ELONGATED = re.compile(r"(?<=[a-z])([a-z])\1{2,}|([a-z])\2{2,}(?=[a-z])")
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
_DOUBLED = 4
# "Prabowo Subianto" is one person as "Jokowi" is; how many words a name has must not matter.
_FULL_NAME = re.compile(r"(xcalon|xtempat)(?:[\s\u2013&/-]+\1)+(?![a-z])")
_ROMAN = re.compile(r"(?<=urut )(?:i{1,3}|iv|v)(?![a-z])")
_ROMANS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_PAIR_SIGN = re.compile(r"[-\u2013&]")
CANDIDATE, NUMBER = "xcalon", "xangka"
# Turns a placeholder and the name it stands for into what is read in its place.
Naming = Callable[[str, str], str]


def placeholder_alone(placeholder: str, name: str) -> str:
    """Read every name of a kind as the same: the naming of the word-count models."""
    return placeholder


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
            # Digits may follow: "#ahok2017".
            whole=_alternation(by_name, r"(?<![a-z0-9])(?:{})(?![a-z])"),
            glued=_alternation(glued, "(?:{})"),
            participants=_alternation(participants, rf"(?<![a-z0-9]){title}(?:{{}})(?![a-z0-9])"),
            placeholder=by_name,
        )

    def mask(self, folded: str, naming: "Naming") -> str:
        """Replace every known name of a folded text by what `naming` makes of it."""

        def substitute(match: re.Match[str]) -> str:
            name = match.group(0)
            return f" {naming(self.placeholder[name], name)} "

        return self.glued.sub(substitute, self.whole.sub(substitute, folded))


def _alternation(names: "Mapping[str, str] | list[str]", frame: str) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    # An empty list must match nothing, not the empty string.
    body = "|".join(re.escape(name) for name in longest_first) or r"(?!)"
    return re.compile(frame.format(body))


def masked_text(text: str, entities: Entities, naming: Naming = placeholder_alone) -> str:
    """Return what the stance model reads of a text: folded, un-disguised, names masked."""
    folded = _RETWEET.sub("", fold_text(_mask_unlisted(text, entities, naming)))
    folded = _URL.sub(" xtautan ", _EMAIL.sub(" xsurel ", folded))
    folded = _HANDLE.sub(" xakun ", folded)
    folded = _KEYCAP.sub(
        lambda m: f" {naming(NUMBER, m.group(0)[0])} ", _FINGERS.sub(" xjari ", folded)
    )
    folded = _SPACED.sub(lambda m: _SEPARATORS.sub("", m.group(0)), folded)
    folded = _LEET_WORD.sub(_unleet, folded)
    folded = _ELONGATED.sub(lambda m: m.group(1) or m.group(2), folded)
    folded = _TERM.sub(" duaperiode ", folded)
    folded = _SAID_NUMBER.sub(lambda m: naming(NUMBER, m.group(0)), folded)
    folded = _ROMAN.sub(lambda m: naming(NUMBER, _ROMANS[m.group(0)]), folded)
    folded = entities.mask(folded, naming)
    folded = _LONG_NUMBER.sub(" xjumlah ", folded)
    folded = _NUMBER.sub(lambda m: f" {naming(NUMBER, m.group(0))} ", folded)
    return _FULL_NAME.sub(r" \1 ", folded)


def _mask_unlisted(text: str, entities: Entities, naming: Naming) -> str:
    """Replace names that only their capitals give away; works on the text as received."""

    def address(match: re.Match[str]) -> str:
        kept, title, name = match.group(0), match.group(1), match.group(2)
        listed = {fold_text(name), fold_text(kept[len(title) :].strip())}
        if name in NOT_NAMES or listed & entities.placeholder.keys():
            return kept
        return f"{title} {naming(CANDIDATE, name)}"

    def pair(match: re.Match[str]) -> str:
        halves = [half.strip() for half in _PAIR_SIGN.split(match.group(0), maxsplit=1)]
        first, second = (fold_text(half) for half in halves)
        # "JANGAN-JANGAN", "Mudah-mudahan"; and names on the list are masked as what they are.
        if second.startswith(first[:_DOUBLED]) or {first, second} & entities.placeholder.keys():
            return match.group(0)
        return f" {naming(CANDIDATE, halves[0])} {naming(CANDIDATE, halves[1])} "

    return ADDRESSED.sub(address, NAME_PAIR.sub(pair, text))


def _unleet(match: re.Match[str]) -> str:
    word = match.group(0)
    if len(_LETTER.findall(word)) < 2 or _TRAILING_NUMBER.match(word):
        return word
    if not _LEET_INSIDE.search(word):
        return word
    return word.translate(_LEET)
