"""Whom a post is for or against, as written: ballot numbers, parties and candidates.

Names come as data (a gazetteer); numbers and local names given away by their capitals are found
without any. Targets are for display and statistics: no score ever reads them (rule 7).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.ballot_numbers import ballot_numbers
from models.gazetteer_index import GazetteerIndex, Hit, region_codes
from models.name_rules import Setting, accepted_names, joined, pairs_standing
from models.normalize import Folded, fold, fold_text
from models.participants import KINDS, NATIONAL, Participant, participant_from_dict
from models.post import Post
from models.stance.mask import ADDRESSED, NAME_PAIR, NOT_NAMES, Entities

_LIMIT = 10
_LONG_NAME = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """One target: `written` is the field from `start` to `end`, `name` whom it means.

    `name` and `contest` are empty where the gazetteer, region and date do not decide.
    """

    written: str
    field: str
    start: int
    end: int
    name: str = ""
    contest: str = ""


class Gazetteer:
    """Participants by the names by which posts call them, and the regions they stand in."""

    def __init__(
        self,
        participants: Iterable[Participant] = (),
        regions: Mapping[str, Iterable[str]] | None = None,
        ordinary_regions: Iterable[str] = (),
    ) -> None:
        """Index the participants.

        `regions` maps a region code to its names; those in `ordinary_regions` are everyday words
        as well ("batu") and believed only in a profile's location.
        """
        self.participants = tuple(participants)
        self._index = GazetteerIndex(self.participants, regions or {})
        self._ordinary_regions = frozenset(fold_text(name) for name in ordinary_regions)
        self._by_number: dict[int, list[int]] = defaultdict(list)
        for position, participant in enumerate(self.participants):
            if participant.kind == "pair" and participant.number is not None:
                self._by_number[participant.number].append(position)

    @classmethod
    def empty(cls) -> "Gazetteer":
        """Return a gazetteer that knows no names; numbers are found all the same."""
        return cls()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Gazetteer":
        """Build from plain data, such as a TOML file.

        Shape: `{"party": [{"name": "Partai Amanat Nasional", "aliases": ["PAN"],
        "ambiguous": ["PAN"]}], "pair": [{"head": ..., "deputy": ..., "number": 2, "region":
        "33.14"}], "candidate": [...], "choice": [...], "region": {"33.14": ["Sragen"]}}`. Every
        field but the name (`head` and `deputy` of a pair) may be missing; see `Participant`.
        Other keys are ignored. Raises ValueError when a list, table or field has another shape.
        """
        participants = []
        for kind in KINDS:
            entries = data.get(kind, [])
            if not isinstance(entries, list):
                raise ValueError(f"{kind}: harus berupa daftar tabel")
            participants += [participant_from_dict(kind, entry) for entry in entries]
        return cls(participants, data.get("region", {}), data.get("ordinary_region", ()))

    def targets(self, post: Post, entities: Entities | None = None) -> tuple[str, ...]:
        """Return what the post names, as written, in order of appearance, each once.

        `entities` adds the candidates and parties an artifact knows.
        """
        return tuple(mention.written for mention in self.mentions(post, entities))

    def mentions(self, post: Post, entities: Entities | None = None) -> tuple[Mention, ...]:
        """Return the targets with their places and, where region or date decide, their meaning.

        Numbers and nicknames that mean somebody else in every region stay as written; `name`
        says whom they mean in this post.
        """
        fields = [("text", post.text), ("media_alt", post.media_alt)]
        read = [_Field(name, value, self._index) for name, value in fields if value]
        setting = self._setting(post, read)
        found: dict[str, Mention] = {}
        for part in read:
            for mention in self._in_field(part, setting, entities):
                found.setdefault(mention.written.casefold(), mention)
                if len(found) == _LIMIT:
                    return tuple(found.values())
        return tuple(found.values())

    def _setting(self, post: Post, read: "list[_Field]") -> Setting:
        codes = {post.region} - {*NATIONAL}
        codes |= region_codes(self._index.hits(fold_text(post.author.location)))
        for hits in [self._index.hits(fold_text(post.author.bio)), *(part.hits for part in read)]:
            codes |= region_codes(hits, self._ordinary_regions)
        return Setting(post.posted_at.date() if post.posted_at else None, frozenset(codes))

    def _in_field(
        self, part: "_Field", setting: Setting, entities: Entities | None
    ) -> list[Mention]:
        accepted, refused = accepted_names(
            part.hits, part.folded, part.value, part.numbers, self.participants, setting
        )
        named = set().union(*accepted.values())
        standing = {
            number: set(
                pairs_standing(
                    self._by_number.get(number, ()), self.participants, setting, part.folded.text
                )
            )
            for number in {number for _, _, number in part.numbers}
        }
        meant = {(s, e): standing[n] & named or standing[n] for s, e, n in part.numbers}
        for span, who in accepted.items():
            meant.setdefault(span, set()).update(who)
        pairs = {
            span: {p for p in who if self.participants[p].head} for span, who in accepted.items()
        }
        spans = [*meant, *_by_entities(part, entities, set(accepted), refused)]
        spans += _local_names(part.value, part.folded)
        return [
            self._mention(part, whole, {s: meant[s] for s in parts if s in meant})
            for whole, parts in joined(spans, part.folded.text, pairs)
        ]

    def _mention(
        self, part: "_Field", whole: tuple[int, int], inside: dict[tuple[int, int], set[int]]
    ) -> Mention:
        first, last = part.folded.span(*whole)
        who: set[int] = set()
        # The longest name says most; names beside it that agree narrow it down further.
        for span in sorted(inside, key=lambda s: s[0] - s[1]):
            who = (who & inside[span]) or who or inside[span]
        one = self.participants[next(iter(who))] if len(who) == 1 else None
        written = part.value[first:last]
        lead = len(written) - len(written.lstrip())
        return Mention(
            written=written.strip(),
            field=part.name,
            start=first + lead,
            end=first + lead + len(written.strip()),
            name=one.name if one else "",
            contest=one.contest if one else "",
        )


class _Field:
    """One text of a post, folded and searched once."""

    def __init__(self, name: str, value: str, index: GazetteerIndex) -> None:
        self.name, self.value = name, value
        self.folded: Folded = fold(value)
        self.hits: list[Hit] = index.hits(self.folded.text)
        self.numbers = ballot_numbers(self.folded)


def _by_entities(
    part: _Field,
    entities: Entities | None,
    accepted: set[tuple[int, int]],
    refused: set[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Find what the artifact knows, unless the gazetteer knows it better ("macet di SBY")."""
    if entities is None:
        return []
    spans = []
    for match in entities.participants.finditer(part.folded.text):
        start, _ = part.folded.span(*match.span())
        # "pan", "mega", "surya" are everyday words too: a short name needs its capital.
        if len(match.group(0)) < _LONG_NAME and not part.value[start].isupper():
            continue
        if match.span() not in refused or match.span() in accepted:
            spans.append(match.span())
    return spans


def _local_names(value: str, folded: Folded) -> list[tuple[int, int]]:
    """Find names by their capitals: "Karna-Koko", "Pak Heroe".

    Only where both texts have the same offsets: a post full of invisible marks is rare enough.
    """
    if folded.origins is not None:
        return []
    addressed = [m for m in ADDRESSED.finditer(value) if m.group(2) not in NOT_NAMES]
    return [match.span() for match in (*NAME_PAIR.finditer(value), *addressed)]
