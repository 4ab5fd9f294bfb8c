"""The words by which civil servants show themselves: `lexicon.toml`, compiled for searching."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

Role = Literal["sign", "counter"]
Shows = Literal["explicit", "likely", ""]
TextRule = Literal["always", "unsaid", "self", "caption", "never"]

# Between the words of a phrase: blanks and the separators of handles, or nothing ("gurusdn").
_GAP = r"[\s._/+-]{0,3}"
_LEFT = r"(?<![a-z])"
# A possessive or article may follow ("kantorku", "kadisnya", "sekdane"), digits too ("pns2024").
_RIGHT = r"(?:ku|nya|ne|na|ta|mi)?(?![a-z])"
# Handles glue words together; a word this long is hardly ever part of another by chance.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One group of words of the lexicon.

    `shows` is what a sign shows (explicit or likely; empty for counters); `text` says what the
    words need in running text to count as told of oneself.
    """

    kind: str
    role: Role
    shows: Shows
    text: TextRule
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled phrase or pattern; `handle` is its looser form for handles.

    `fields` limits where it applies; empty means everywhere.
    """

    entry: Entry
    regex: re.Pattern[str]
    handle: re.Pattern[str]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries; `matchers` maps each anchor (a fixed word) to what must be tried there.

    `inside` holds the anchors that may stand inside a longer word.
    """

    entries: tuple[Entry, ...]
    matchers: dict[str, tuple[Matcher, ...]]
    inside: frozenset[str]

    def anchors(self, role: Role) -> Iterator[str]:
        """Yield every anchor that leads to a matcher of `role`."""
        for anchor, matchers in self.matchers.items():
            if any(m.entry.role == role for m in matchers):
                yield anchor

    def anchors_of(self, kinds: frozenset[str]) -> Iterator[str]:
        """Yield every anchor that leads to a matcher of one of `kinds`."""
        for anchor, matchers in self.matchers.items():
            if any(m.entry.kind in kinds for m in matchers):
                yield anchor


def _phrase(term: str) -> str:
    return _GAP.join(re.escape(word) for word in term.split())


# How the words of a phrase are usually joined; blank stands for a line break as well.
_JOINTS = ("", " ", "  ", ".", ". ", "-", " - ", "_", "/")


def _term_anchors(term: str, everyday: frozenset[str]) -> list[str]:
    words = term.split()
    rare = [word for word in words if len(word) > 2 and word not in everyday]
    if rare or len(words) == 1:
        return [max(rare or words, key=len)]
    # "kepala bagian", "sd n": every word alone is in each second post, so look for all at once.
    return [joint.join(words) for joint in _JOINTS]


def _compile_term(entry: Entry, term: str, fields: frozenset[str]) -> Matcher:
    phrase = _phrase(term)
    bounded = re.compile(_LEFT + phrase + _RIGHT)
    glued = len(term.replace(" ", "")) >= _LONG
    return Matcher(entry, bounded, re.compile(phrase) if glued else bounded, fields)


def _compile_entry(
    raw: dict[str, Any], everyday: frozenset[str]
) -> tuple[Entry, list[tuple[str, Matcher]]]:
    entry = Entry(
        kind=raw["kind"],
        role=raw["role"],
        shows=raw.get("shows", ""),
        text=raw["text"],
        examples=tuple(raw.get("examples", ())),
        counterexamples=tuple(raw.get("not", ())),
    )
    found: list[tuple[str, Matcher]] = []
    fields = frozenset(raw.get("fields", ()))
    for term in raw.get("terms", ()):
        matcher = _compile_term(entry, term, fields)
        found.extend((anchor, matcher) for anchor in _term_anchors(term, everyday))
    for pattern in raw.get("patterns", ()):
        regex = re.compile(f"{_LEFT}(?:{pattern['regex']})")
        matcher = Matcher(entry, regex, regex, frozenset(pattern.get("fields", fields)))
        found.extend((anchor, matcher) for anchor in pattern["anchors"])
    return entry, found


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read and compile `lexicon.toml` of this package (once per process)."""
    source = resources.files("models.author").joinpath("lexicon.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    entries: list[Entry] = []
    matchers: dict[str, list[Matcher]] = {}
    inside: set[str] = set()
    everyday = frozenset(raw["everyday"])
    for item in raw["entry"]:
        entry, found = _compile_entry(item, everyday)
        entries.append(entry)
        for written, matcher in found:
            anchor = written.lstrip("~")
            matchers.setdefault(anchor, []).append(matcher)
            if anchor != written:
                inside.add(anchor)
    compiled = {anchor: tuple(tried) for anchor, tried in matchers.items()}
    return Lexicon(tuple(entries), compiled, frozenset(inside))
