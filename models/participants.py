"""Who can stand in a contest, and every name by which a post may call them.

A name is only as good as the company it needs. "Partai Keadilan Sejahtera" counts everywhere,
"PAN" only in capitals, "AMIN" only beside a word that tells the pair from the prayer, and "Budi",
half of one of 1,500 local pairs, only in the pair's own region, beside the other half or beside
the pair's number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum
from typing import Any

KINDS = ("party", "pair", "candidate", "choice")
NATIONAL = ("", "*")
# Parts of names that say nothing about the person: honorifics, birth order, patronymic particles.
_TITLES_AND_PARTICLES = (
    "muhammad mohammad mohamad muhamad muhamed moch moh muh mohd ahmad achmad abdul abdullah siti "
    "sitti haji hajjah andi anak agung made wayan nyoman ketut putu komang kadek gede ngurah dewa "
    "gusti lalu baiq teuku teungku raja raden masagus bin binti putra putri datuk daeng nur noor "
    "dra drs tuan guru gubernur bupati wali kota calon dari untuk dengan yang partai"
)
_NOT_SHORT = frozenset(_TITLES_AND_PARTICLES.split())
_SHORTEST = 4
_GLUED_SHORTEST = 8


class NameRule(IntEnum):
    """What a name needs to count as a mention."""

    ANYWHERE = 0  # whole word, case aside; inside a hashtag too if long enough
    AS_WRITTEN = 1  # also an everyday word: only with the very capitals of the entry
    BESIDE = 2  # as written, and beside a telling word, a sure name or the number of the entry
    SHORT = 3  # part of a local name: its region, the other half or the number must be there
    HASHTAG = 4  # inside a hashtag only


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a participant; `half` is 1 for the head, 2 for the deputy, 0 for the whole."""

    text: str
    rule: NameRule
    half: int = 0


@dataclass(frozen=True, slots=True)
class Participant:
    """A party, pair, candidate or choice ("kolom kosong").

    `region` is a region code, or "" for the whole country. Before `valid_from` and after
    `valid_until` no name of it counts; its number and short names count only from
    `contest_from` to `contest_until`. A missing date is no bound.
    """

    kind: str
    name: str
    head: str = ""
    deputy: str = ""
    number: int | None = None
    contest: str = ""
    region: str = ""
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    in_context: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    contest_from: date | None = None
    contest_until: date | None = None

    def valid_on(self, day: date | None) -> bool:
        """Tell whether the entry holds on `day`; an unknown day (None) is any day."""
        return _within(day, self.valid_from, self.valid_until)

    def stands_on(self, day: date | None) -> bool:
        """Tell whether `day` lies in the time of the contest."""
        return self.valid_on(day) and _within(day, self.contest_from, self.contest_until)

    def stands_in(self, codes: frozenset[str]) -> bool:
        """Tell whether one of the region codes lies in the region of this participant."""
        return not self.region or any(
            code == self.region or code.startswith(f"{self.region}.") for code in codes
        )

    def with_names_of(self, other: "Participant") -> "Participant":
        """Return this participant called by the names of `other` as well."""
        return replace(
            self,
            aliases=_united(self.aliases, other.aliases),
            ambiguous=_united(self.ambiguous, other.ambiguous),
            in_context=_united(self.in_context, other.in_context),
            short=_united(self.short, other.short),
            hashtags=_united(self.hashtags, other.hashtags),
            beside=_united(self.beside, other.beside),
        )

    def names(self) -> Iterator[Name]:
        """Yield every name, derived ones included; the same text may come more than once."""
        special = {*self.ambiguous, *self.in_context}
        if not self.head:
            yield from (Name(n, NameRule.ANYWHERE) for n in [self.name] if n not in special)
        else:
            yield from self._names_of_pair()
        yield from (Name(n, NameRule.ANYWHERE) for n in self.aliases if n not in special)
        yield from (Name(n, NameRule.AS_WRITTEN) for n in self.ambiguous)
        yield from (Name(n, NameRule.BESIDE) for n in self.in_context)
        yield from (Name(n, NameRule.SHORT) for n in self.short)
        yield from (Name(n.lstrip("#"), NameRule.HASHTAG) for n in self.hashtags)

    def _names_of_pair(self) -> Iterator[Name]:
        short: tuple[list[str], list[str]] = ([], [])
        for half, full in ((1, self.head), (2, self.deputy)):
            words = full.split()
            if len(words) > 1 or (words and not self.region):
                yield Name(full, NameRule.ANYWHERE, half)
            if not self.region:
                continue
            short[half - 1].extend(_short_names(words))
            yield from (Name(n, NameRule.SHORT, half) for n in short[half - 1])
        for first in short[0]:
            for second in short[1]:
                glued = f"{first}{second}"
                if " " not in glued and len(glued) >= _GLUED_SHORTEST:
                    yield Name(glued, NameRule.HASHTAG)


def _short_names(words: Sequence[str]) -> list[str]:
    """Return what a person is called by rule: first or last name, and two names of three."""
    telling = [w for w in words if len(w) >= _SHORTEST and w.lower() not in _NOT_SHORT]
    telling = [w for w in telling if "." not in w]
    short = [*telling[:1], *telling[-1:]]
    if len(telling) > 2:
        short += [" ".join(telling[:2]), " ".join(telling[-2:])]
    return list(dict.fromkeys(short))


def participant_from_dict(kind: str, entry: object) -> Participant:
    """Build one participant from plain data, such as a TOML table.

    Raises ValueError naming the field and saying in Indonesian what is wrong with it.
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"{kind}: entri harus berupa tabel dengan `name`")
    head, deputy = _text(entry, "head"), _text(entry, "deputy")
    name = _text(entry, "name") or " - ".join(filter(None, (head, deputy)))
    if not name:
        wanted = "`head` dan `deputy`" if kind == "pair" else "`name`"
        raise ValueError(f"{kind}: {wanted} wajib diisi")
    region = _text(entry, "region")
    return Participant(
        kind=kind,
        name=name,
        head=head,
        deputy=deputy,
        number=_number(entry),
        contest=_text(entry, "contest"),
        region="" if region in NATIONAL else region,
        aliases=_names(entry, "aliases"),
        ambiguous=_names(entry, "ambiguous"),
        in_context=_names(entry, "in_context"),
        short=_names(entry, "short"),
        hashtags=_names(entry, "hashtags"),
        beside=_names(entry, "beside"),
        valid_from=_date(entry, "valid_from"),
        valid_until=_date(entry, "valid_until"),
        contest_from=_date(entry, "contest_from"),
        contest_until=_date(entry, "contest_until"),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key}: harus berupa teks dalam tanda kutip")
    return value.strip()


def _names(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list | tuple) or not all(isinstance(n, str) for n in value):
        raise ValueError(f'{key}: harus berupa daftar teks, misalnya ["PAN"]')
    for name in value:
        if len(name.strip().lstrip("#")) < 2:
            raise ValueError(f"{key}: nama {name!r} terlalu pendek, paling sedikit dua huruf")
    return tuple(name.strip() for name in value)


def _number(entry: Mapping[str, Any]) -> int | None:
    value = entry.get("number")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 99:
        raise ValueError(f"number: {value!r} harus bilangan 1 sampai 99 tanpa tanda kutip")
    return value


def _date(entry: Mapping[str, Any], key: str) -> date | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{key}: {value!r} harus tanggal tanpa tanda kutip seperti 2024-11-27")
    return value


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _within(day: date | None, start: date | None, end: date | None) -> bool:
    if day is None:
        return True
    return not (start and day < start) and not (end and day > end)
