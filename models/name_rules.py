"""Which of the names found in a text count, and whom a number means there.

The rules are those of `participants.NameRule`. Each is decided from what stands in the same
field and from when and where the post speaks.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.gazetteer_index import Hit, Reference
from models.normalize import Folded
from models.participants import NameRule, Participant

Span = tuple[int, int]

# How far away, in characters, a telling word or the number of an entry may stand.
_NEAR = 40
_BETWEEN_HALVES = re.compile(r"\s?(?P<sign>[-–—&+/])?(?:x|dan|sama|bersama|bareng)?\s?")
# Two names of local pairs that stand side by side without a sign are chance if many bear them.
_RARE = 2
_LEVELS = (
    (re.compile(r"(?<![a-z])(?:presiden|wapres|capres|cawapres|pilpres)(?![a-z])"), 0),
    (re.compile(r"(?<![a-z])(?:gubernur|wagub|cagub|cawagub|pilgub|pilkada provinsi)(?![a-z])"), 2),
    (
        re.compile(
            r"(?<![a-z])(?:bupati|wabup|cabup|cawabup|pilbup|wali ?kota|wawali|cawali|pilwali|"
            r"pilwalkot|pilwakot)(?![a-z])"
        ),
        5,
    ),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where a post speaks: what decides which of several a name or number means."""

    day: date | None
    regions: frozenset[str]


def pairs_standing(
    positions: Iterable[int],
    participants: Sequence[Participant],
    setting: Setting,
    folded: str,
) -> list[int]:
    """Return the pairs that a number can mean in this post; one means it is decided.

    A governor and a regent are elected in the same region on the same day: then only a word for
    the office decides.
    """
    standing = [
        p
        for p in positions
        if participants[p].stands_on(setting.day) and participants[p].stands_in(setting.regions)
    ]
    if len(standing) > 1:
        levels = {level for pattern, level in _LEVELS if pattern.search(folded)}
        of_level = [p for p in standing if len(participants[p].region) in levels]
        return of_level or standing
    return standing


def accepted_names(
    hits: Sequence[Hit],
    folded: Folded,
    value: str,
    numbers: Sequence[tuple[int, int, int]],
    participants: Sequence[Participant],
    setting: Setting,
) -> tuple[dict[Span, set[int]], set[Span]]:
    """Return the places of names that count, with whom each may mean, and those that do not.

    The second only holds names that an entry declares ambiguous: whoever else proposes such a
    place must not be believed either.
    """
    company = _Company(hits, folded.text, numbers, participants)
    states: dict[int, _State] = {}
    accepted: dict[Span, set[int]] = {}
    refused: set[Span] = set()
    for hit in hits:
        start, end = folded.span(hit.start, hit.end)
        written = value[start:end]
        who: set[int] = set()
        for reference in hit.key.names:
            position = reference.participant
            if position not in states:
                states[position] = _State.of(participants[position], setting)
            if _counts(reference, hit, written, company, states[position]):
                who.add(reference.participant)
            elif reference.rule in (NameRule.AS_WRITTEN, NameRule.BESIDE):
                refused.add((hit.start, hit.end))
        if who:
            standing = {p for p in who if states[p].on_the_day}
            nearby = {p for p in standing if states[p].in_region}
            accepted.setdefault(hit.tag or (hit.start, hit.end), set()).update(
                nearby or standing or who
            )
    return accepted, refused - accepted.keys()


def _counts(
    reference: Reference,
    hit: Hit,
    written: str,
    company: "_Company",
    state: "_State",
) -> bool:
    if not state.valid:
        return False
    if reference.rule is NameRule.ANYWHERE:
        return True
    if reference.rule is NameRule.HASHTAG:
        return hit.tag is not None
    if reference.rule is NameRule.AS_WRITTEN:
        return written == reference.written
    if reference.rule is NameRule.BESIDE:
        return written == reference.written and company.is_told(hit, reference.participant)
    if not state.on_the_day:
        return False
    beside_half, firmly = company.has_other_half(hit, reference.participant)
    if firmly:
        return True
    if beside_half and (state.in_region or written[:1].isupper()):
        return True
    # Without its capital a single name is an ordinary word ("budi pekerti") more often than not.
    return written[:1].isupper() and (
        state.in_region or company.has_number(hit, reference.participant)
    )


@dataclass(frozen=True, slots=True)
class _State:
    """How a participant stands to the post as a whole."""

    valid: bool
    on_the_day: bool
    in_region: bool

    @classmethod
    def of(cls, participant: Participant, setting: Setting) -> "_State":
        return cls(
            participant.valid_on(setting.day),
            participant.stands_on(setting.day),
            participant.stands_in(setting.regions),
        )


class _Company:
    """What stands beside the names of one text: telling words, sure names, halves, numbers."""

    def __init__(
        self,
        hits: Sequence[Hit],
        folded: str,
        numbers: Sequence[tuple[int, int, int]],
        participants: Sequence[Participant],
    ) -> None:
        self._folded = folded
        self._participants = participants
        self._sure: set[int] = set()
        self._telling: dict[int, list[int]] = {}
        self._numbers: dict[int, list[int]] = {}
        for hit in hits:
            for participant in hit.key.beside:
                self._telling.setdefault(participant, []).append(hit.start)
            for name in hit.key.names:
                tagged = name.rule is NameRule.HASHTAG and hit.tag is not None
                if name.rule is NameRule.ANYWHERE or tagged:
                    self._sure.add(name.participant)
        for start, _, number in numbers:
            self._numbers.setdefault(number, []).append(start)
        self._firmly: set[tuple[int, int]] = set()
        self._loosely: set[tuple[int, int]] = set()
        self._find_halves(hits)

    def is_told(self, hit: Hit, participant: int) -> bool:
        """Tell whether a sure name is in the text, or a telling word or the number is near."""
        if participant in self._sure or self.has_number(hit, participant):
            return True
        return _near(self._telling.get(participant, ()), hit)

    def has_number(self, hit: Hit, participant: int) -> bool:
        """Tell whether the participant's ballot number stands near."""
        number = self._participants[participant].number
        return number is not None and _near(self._numbers.get(number, ()), hit)

    def has_other_half(self, hit: Hit, participant: int) -> tuple[bool, bool]:
        """Tell whether the other half of the pair stands next to it, and whether by a sign."""
        place = (hit.start, participant)
        return place in self._loosely, place in self._firmly

    def _find_halves(self, hits: Sequence[Hit]) -> None:
        starting: dict[int, list[Hit]] = {}
        for hit in hits:
            starting.setdefault(hit.start, []).append(hit)
        for hit in hits:
            gap = _BETWEEN_HALVES.match(self._folded, hit.end)
            if gap is None or gap.end() == hit.end or gap.end() not in starting:
                continue
            halves = _halves(hit)
            for other in starting[gap.end()] if halves else ():
                facing = _halves(other)
                pairs = {p for p in halves.keys() & facing.keys() if halves[p] != facing[p]}
                if gap["sign"] or min(len(halves), len(facing)) <= _RARE:
                    kept = self._firmly if gap["sign"] else self._loosely
                    kept.update((h.start, p) for p in pairs for h in (hit, other))
        self._loosely |= self._firmly


def _halves(hit: Hit) -> dict[int, int]:
    return {name.participant: name.half for name in hit.key.names if name.half}


def _near(positions: Sequence[int], hit: Hit) -> bool:
    first = bisect_left(positions, hit.start - _NEAR)
    return first < len(positions) and positions[first] <= hit.end + _NEAR


def joined(
    spans: Iterable[Span], folded: str, named: Mapping[Span, set[int]]
) -> list[tuple[Span, list[Span]]]:
    """Sort places and make one of those that overlap or are the two halves of one pair.

    "pak ganjar" and "ganjar" overlap; "Ganjar" and "Mahfud" in "Ganjar-Mahfud" are halves:
    `named` says whom each place means. Each result comes with the places it is made of.
    """
    result: list[tuple[Span, list[Span]]] = []
    last: set[int] = set()
    for span in sorted({span for span in spans if span[0] < span[1]}):
        who = named.get(span, set())
        whole, parts = result[-1] if result else ((0, 0), [])
        if parts and (span[0] < whole[1] or _one_pair(folded, parts[-1], span, last & who)):
            parts.append(span)
            result[-1] = ((whole[0], max(whole[1], span[1])), parts)
            last = last & who or last | who
        else:
            result.append((span, [span]))
            last = who
    return result


def _one_pair(folded: str, before: Span, after: Span, both: set[int]) -> bool:
    if not both or folded[slice(*before)] == folded[slice(*after)]:
        return False
    return _BETWEEN_HALVES.fullmatch(folded, before[1], after[0]) is not None
