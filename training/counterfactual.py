"""Swaps for the neutral-watcher test: one word of a post for another of its kind (`swaps.toml`).

A swap must leave a sentence whose label cannot change, so most words are swapped only in their
place: a number after "nomor", not in an address. Text, caption and the text answered are changed,
never the profile.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from models.post import Post
from training.data_check.balance import names_in
from training.data_check.dataset_files import Entry
from training.dataset import Example

_DATA = tomllib.loads(Path(__file__).with_name("swaps.toml").read_text(encoding="utf-8"))
LOCAL_NAME = "local_name"
AXES = tuple(dict.fromkeys([*(axis["name"] for axis in _DATA["axis"]), LOCAL_NAME]))
# Of a long set not every member is tried on every post: four tell as much as twelve.
_ALTERNATIVES = 4
_LOOK_BACK = 24
_PAIR = re.compile(r"\s?(?:-|–|&|/)\s?| dan ")
_TITLE = re.compile(rf"(?:(?:{'|'.join(map(re.escape, _DATA[LOCAL_NAME]['titles']))})\s+)+", re.I)


@dataclass(frozen=True, slots=True)
class Swap:
    """One rewritten post beside its original."""

    axis: str
    original: Post
    swapped: Post


@dataclass(frozen=True, slots=True)
class _Set:
    """Words that can stand in each other's place, and where they are looked for."""

    axis: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    not_before: re.Pattern[str] | None
    skip: re.Pattern[str] | None
    exact: bool

    def swap(self, shift: int, text: str) -> str:
        """Return `text` with each word of the set replaced by the one `shift` places on.

        Several words of a set are exchanged in turn: a post about two stays a post about two.
        """
        known = [word if self.exact else word.lower() for word in self.words]

        def other(match: re.Match[str]) -> str:
            found, start = match.group("word"), match.start("word")
            ahead = text[max(0, start - _LOOK_BACK) : start]
            if self.not_before is not None and self.not_before.search(ahead):
                return match.group(0)
            place = known.index(found if self.exact else found.lower())
            word = self.words[(place + shift) % len(self.words)]
            # "NTB" is always written so; only what deviates from its own form tells of capitals.
            shown = word if found == self.words[place] else _cased(word, found)
            return match.group(0)[: start - match.start()] + shown

        return self.pattern.sub(other, text)


def swaps(examples: Sequence[Example]) -> list[Swap]:
    """Return every rewriting of every post that names a word of some axis, each once."""
    made: list[Swap] = []
    for example in examples:
        by_post = {(swap.axis, swap.swapped): swap for swap in _swaps_of(example)}
        made.extend(by_post.values())
    return made


def _swaps_of(example: Example) -> Iterator[Swap]:
    post = example.post
    written = "\n".join((post.text, post.media_alt, post.reply_to))
    for one in _sets():
        if one.skip is not None and one.skip.search(written):
            continue
        for shift in _shifts(len(one.words)):
            swapped = _rewritten(post, partial(one.swap, shift))
            if swapped is not None:
                yield Swap(one.axis, post, swapped)
    yield from _local_names(example)


def _rewritten(post: Post, change: Callable[[str], str]) -> Post | None:
    """Return the post with its three texts changed; None when nothing did change."""
    text, caption, answered = map(change, (post.text, post.media_alt, post.reply_to))
    if (text, caption, answered) == (post.text, post.media_alt, post.reply_to):
        return None
    return replace(post, text=text, media_alt=caption, reply_to=answered)


def _shifts(size: int) -> list[int]:
    """Return at most four shifts, spread evenly over a set of `size` words."""
    if size - 1 <= _ALTERNATIVES:
        return list(range(1, size))
    return [1 + step * (size - 1) // _ALTERNATIVES for step in range(_ALTERNATIVES)]


@cache
def _sets() -> tuple[_Set, ...]:
    return tuple(_set(axis, words) for axis in _DATA["axis"] for words in axis["sets"])


def _set(axis: dict[str, Any], words: Sequence[str]) -> _Set:
    exact = bool(axis.get("exact"))
    longest_first = sorted(words, key=len, reverse=True)
    body = "|".join(re.escape(word) for word in longest_first)
    inside = axis.get("inside_hashtag")
    edge_before, edge_after = (r"#\w{0,40}?", r"") if inside else (r"(?<![\w@#])", r"(?!\w)")
    after = rf"(?={axis['after']})" if "after" in axis else ""
    not_after = rf"(?!{axis['not_after']})" if "not_after" in axis else ""
    before = axis.get("before", "")
    lead = rf"(?<![\w@#]){before}" if before else edge_before
    flags = re.NOFLAG if exact else re.IGNORECASE
    return _Set(
        axis=axis["name"],
        words=tuple(words),
        pattern=re.compile(rf"{lead}(?P<word>{body}){edge_after}{after}{not_after}", flags),
        not_before=re.compile(rf"(?<!\w){axis['not_before']}$", re.IGNORECASE)
        if "not_before" in axis
        else None,
        skip=re.compile(axis["skip"], re.IGNORECASE) if "skip" in axis else None,
        exact=exact,
    )


def _cased(word: str, like: str) -> str:
    if like.islower():
        return word.lower()
    if like.isupper() and len(like) > 1 and len(word) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _local_names(example: Example) -> Iterator[Swap]:
    """Yield rewritings with an invented name in the place of a local one the file points out."""
    post, invented = example.post, _DATA[LOCAL_NAME]
    for named in example.meta.get("named", ()):
        name = _TITLE.sub("", str(named), count=1).strip()
        kind = "pair" if _PAIR.search(name) else "full" if " " in name else "single"
        if not _is_local(name):
            continue
        pattern = re.compile(rf"(?<![\w@#]){re.escape(name)}(?!\w)")
        for other in invented[kind]:
            swapped = _rewritten(post, partial(pattern.sub, _like(other, name)))
            if swapped is not None:
                yield Swap(LOCAL_NAME, post, swapped)


def _like(other: str, name: str) -> str:
    return other.lower() if name.islower() else other.upper() if name.isupper() else other


@cache
def _is_local(name: str) -> bool:
    """True for a name in letters that no other axis swaps and no common list knows."""
    if len(name) < 4 or not re.fullmatch(r"[A-Za-z'.\u2013\u2019& -]+", name):
        return False
    found = names_in(Entry("", 0, {"meta": {"named": [name]}}))
    return name[:1].isupper() and all(one.startswith("local:") for one in found)
