"""Cuts a text at the edges of its spans, so that overlapping reasons and evidence show correctly.

Offsets are Python character offsets into the field as received. Nothing here makes HTML: the
pieces are escaped by the template.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

# Characters that are invisible, or that turn the order of what follows around: shown as a sign,
# so that the reviewer sees that they are there and the page stays in order.
_CODES = (
    *(code for code in range(0x20) if chr(code) not in "\t\n"),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
# Letters in brackets, because few machines have a font with the pictures of these characters.
_SIGNS = {code: f"\u27e6U+{code:04X}\u27e7" for code in _CODES} | {0: "\u27e6NUL\u27e7"}


@dataclass(frozen=True, slots=True)
class Span:
    """`kind` is the style it is shown in; `anchor` lets the list of reasons point at its place."""

    start: int
    end: int
    kind: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    kinds: tuple[str, ...]
    anchors: tuple[str, ...]


def visible(text: str) -> str:
    """Return `text` with control and direction characters shown as signs."""
    return text.replace("\r\n", "\n").translate(_SIGNS)


def cut(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Return the text in pieces that each carry the kinds of all spans over them."""
    kept = [span for span in (_clamped(span, len(text)) for span in spans) if span.start < span.end]
    edges = sorted({0, len(text), *(s.start for s in kept), *(s.end for s in kept)})
    parts = [
        (
            start,
            end,
            tuple(sorted({s.kind for s in kept if s.start <= start and end <= s.end})),
            tuple(s.anchor for s in kept if s.anchor and s.start == start),
        )
        for start, end in pairwise(edges)
    ]
    return [
        Piece(visible(text[start:end]), kinds, anchors)
        for start, end, kinds, anchors in _joined(parts)
    ]


_Part = tuple[int, int, tuple[str, ...], tuple[str, ...]]


def _joined(parts: list[_Part]) -> Iterable[_Part]:
    """Join neighbours of the same kinds: an edge inside an overlap is of no interest."""
    for kinds, group in groupby(parts, key=lambda part: part[2]):
        members = list(group)
        anchors = tuple(anchor for member in members for anchor in member[3])
        yield members[0][0], members[-1][1], kinds, anchors


def _clamped(span: Span, length: int) -> Span:
    start = min(max(span.start, 0), length)
    return Span(start, min(max(span.end, start), length), span.kind, span.anchor)
