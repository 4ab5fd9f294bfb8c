"""One automaton over every name: where names, regions and telling words stand in a text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import ahocorasick

from models.normalize import fold_text
from models.participants import NameRule, Participant

_HASHTAG = re.compile(r"#(\w{2,})")
# Inside a hashtag words run together; a short name found there would be chance.
_INSIDE_SHORTEST = 5
_KINDS_OF_REGION = {
    "kota ": ("kota ", "pemkot ", "walikota ", "wali kota "),
    "kabupaten ": ("kabupaten ", "kab ", "kab. ", "pemkab ", "bupati "),
}


class Reference(NamedTuple):
    """That a name belongs to a participant: how, as which half, and in which capitals."""

    participant: int
    rule: NameRule
    half: int
    written: str


@dataclass(slots=True)
class Key:
    """All that one folded string may mean."""

    text: str
    names: list[Reference] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)


class Hit(NamedTuple):
    """One place in a folded text; `tag` is the hashtag around it, without its sign."""

    start: int
    end: int
    key: Key
    tag: tuple[int, int] | None


class GazetteerIndex:
    """Finds every key in one pass over the text, however many names there are."""

    def __init__(
        self, participants: Sequence[Participant], regions: Mapping[str, Iterable[str]]
    ) -> None:
        keys: dict[str, Key] = {}

        def key(text: str) -> Key:
            folded = " ".join(fold_text(text).split())
            return keys.setdefault(folded, Key(folded))

        for number, participant in enumerate(participants):
            for name in participant.names():
                reference = Reference(number, name.rule, name.half, name.text)
                for text in dict.fromkeys(
                    name.text.replace("'", sign) for sign in ("'", "\u2019", "")
                ):
                    if (names := key(text).names).count(reference) == 0:
                        names.append(reference)
            for word in participant.beside:
                key(word).beside.append(number)
        for region, codes in _region_keys(regions).items():
            key(region).regions.extend(codes)
        keys.pop("", None)
        self._automaton = ahocorasick.Automaton()
        for text, found in keys.items():
            self._automaton.add_word(text, found)
        if keys:
            self._automaton.make_automaton()
        self._empty = not keys
        self.size = len(keys)

    def hits(self, folded: str) -> list[Hit]:
        """Return whole-word hits, and long or hashtag names inside hashtags, by position."""
        if self._empty:
            return []
        found = []
        tags = [match.span(1) for match in _HASHTAG.finditer(folded)]
        tag = 0
        for last, key in self._automaton.iter(folded):
            start, end = last + 1 - len(key.text), last + 1
            # Hits come by their end: the tags before this one are done with.
            while tag < len(tags) and tags[tag][1] < end:
                tag += 1
            around = tags[tag] if tag < len(tags) and tags[tag][0] <= start else None
            long_enough = around is not None and len(key.text) >= _INSIDE_SHORTEST
            if long_enough or _is_word(folded, start, end):
                found.append(Hit(start, end, key, around))
        return sorted(found, key=lambda hit: (hit.start, -hit.end))


def region_codes(hits: Iterable[Hit], hidden: frozenset[str] = frozenset()) -> set[str]:
    """Return the codes of the regions hit; a longer name hides the shorter one inside it.

    `hidden` are keys that are not believed here.
    """
    codes: set[str] = set()
    reached = 0
    for hit in hits:
        if hit.key.regions and hit.end > reached and hit.key.text not in hidden:
            codes.update(hit.key.regions)
            reached = hit.end
    return codes


def _is_word(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    return not before.isalnum() and not after.isalnum()


def _region_keys(regions: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return every way a region is written: "Kota Bandung", "Pemkot Bandung", "Bandung"."""
    keys: dict[str, list[str]] = defaultdict(list)
    for code, names in regions.items():
        for name in names:
            lowered = name.lower()
            for kind, ways in _KINDS_OF_REGION.items():
                if lowered.startswith(kind):
                    bare = lowered.removeprefix(kind)
                    keys[bare].append(code)
                    for way in ways:
                        keys[f"{way}{bare}"].append(code)
                    break
            else:
                keys[lowered].append(code)
    return keys
