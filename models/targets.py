"""Whom a post is for or against, as written: ballot numbers, parties and candidates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.normalize import Folded, fold
from models.post import Post
from models.stance.mask import ADDRESSED, NAME_PAIR, NOT_NAMES, Entities

_NUMBER_WORD = (
    r"(?:kosong\s*)?(?:satu|dua|tiga|empat|lima|siji|loro|telu|papat|hiji|tilu|opat|"
    r"ciek|duo|tigo|ampek|tellu|tige)"
)
# The generic ways to name a pair by its number; a bare number is not enough.
_NUMBERED = re.compile(
    rf"(?<![a-z])(?:paslon|pasangan calon|pasangan|nomor urut|no\.? ?urut|nomor|nomer|no\.?|"
    rf"urut|calon no(?:mor)?)"
    rf"[\s.:#]*(?:urut[\s.:]*)?(?:0?\d{{1,2}}(?!\d)|{_NUMBER_WORD}(?![a-z]))"
    rf"|(?<![\d.,:/a-z-])0[1-9](?![\d.,:/-]*\d)"
    rf"|(?<![a-z])salam\s+(?:\d|{_NUMBER_WORD})\s+jari"
)
_LIMIT = 10
_LONG_NAME = 6


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by which participants are called in posts.

    `names` maps a name, folded, to True when it is also an everyday word: such a name counts
    only in capitals as written in the data ("PAN", not "pan").
    """

    names: Mapping[str, tuple[str, bool]]
    pattern: re.Pattern[str] | None

    @classmethod
    def empty(cls) -> "Gazetteer":
        """Return a gazetteer that knows no names; numbers are found all the same."""
        return cls({}, None)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Gazetteer":
        """Build from plain data, such as a TOML file.

        Shape: `{"party": [{"name": "Partai Amanat Nasional", "aliases": ["PAN"],
        "ambiguous": ["PAN"]}], "candidate": [...same...]}`. `aliases` and `ambiguous` may be
        missing, and a name may stand in both; an ambiguous one counts only when written exactly
        so. Other keys are ignored.
        Raises ValueError when a list or name has another shape.
        """
        names: dict[str, tuple[str, bool]] = {}
        for kind in ("party", "candidate"):
            entries = data.get(kind, [])
            if not isinstance(entries, list):
                raise ValueError(f"{kind}: a list of tables is expected")
            for entry in entries:
                if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
                    raise ValueError(f"{kind}: every entry needs a name")
                ambiguous = set(entry.get("ambiguous", ()))
                for name in (entry["name"], *entry.get("aliases", ()), *sorted(ambiguous)):
                    names.setdefault(fold(name).text, (name, name in ambiguous))
        longest = sorted(names, key=lambda name: (-len(name), name))
        body = "|".join(re.escape(name) for name in longest if name)
        pattern = re.compile(rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])") if body else None
        return cls(names, pattern)

    def targets(self, post: Post, entities: Entities | None = None) -> tuple[str, ...]:
        """Return what the post names, as written, in order of appearance, each once.

        `entities` adds the candidates and parties an artifact knows.
        """
        found: dict[str, str] = {}
        for value in (post.text, post.media_alt):
            for name in self._in_field(value, entities):
                found.setdefault(name.casefold(), name)
        return tuple(found.values())[:_LIMIT]

    def _in_field(self, value: str, entities: Entities | None) -> list[str]:
        folded = fold(value)
        spans = [match.span() for match in _NUMBERED.finditer(folded.text)]
        if entities is not None:
            for match in entities.participants.finditer(folded.text):
                start, _ = folded.span(*match.span())
                # "pan", "mega", "surya" are everyday words too: a short name needs its capital.
                if len(match.group(0)) >= _LONG_NAME or value[start].isupper():
                    spans.append(match.span())
        if self.pattern is not None:
            for match in self.pattern.finditer(folded.text):
                start, end = folded.span(*match.span())
                written, ambiguous = self.names[match.group(0)]
                if not ambiguous or value[start:end] == written:
                    spans.append(match.span())
        spans += _local_names(value, folded)
        written_spans = [folded.span(*span) for span in _joined(spans)]
        return [value[start:end].strip() for start, end in written_spans]


def _local_names(value: str, folded: Folded) -> list[tuple[int, int]]:
    """Find names by their capitals: "Karna-Koko", "Pak Heroe".

    Only where both texts have the same offsets: a post full of invisible marks is rare enough.
    """
    if folded.origins is not None:
        return []
    addressed = [m for m in ADDRESSED.finditer(value) if m.group(2) not in NOT_NAMES]
    return [match.span() for match in (*NAME_PAIR.finditer(value), *addressed)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and join those that overlap ("pak ganjar" and "ganjar")."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
