"""Text made comparable without losing the way back to the characters as received.

`fold` lower-cases, maps look-alike letters to plain ones and drops invisible marks. Everything
that quotes a place in a post (evidence, reasons, counters) works on a `Folded` text and turns
its positions back into offsets of the field as received.
"""

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that stand in for Latin ones in posts that dodge filters.
_LOOKALIKES = dict(zip("аеорсхуікмтвн", "aeopcxyikmtbn", strict=True))
# Format characters (bidi marks, zero-width joiners, soft hyphen) and combining marks are
# invisible or decorate a letter: dropped, so that "P\u200bNS" reads as "pns".
_DROPPED = frozenset({"Cf", "Mn", "Me"})
_SPACED = frozenset({"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


class _FoldTable(dict[int, str]):
    """Code point to its folded form, filled on first use (most texts use few characters)."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    category = unicodedata.category(char)
    if category in _DROPPED:
        return ""
    if category in _SPACED:
        return " "
    lowered = char.lower()
    if len(lowered) != 1:
        lowered = lowered[0]
    lowered = _LOOKALIKES.get(lowered, lowered)
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered)[0].lower()
    # Only letters and digits are replaced: emoji and punctuation keep their own form.
    return plain if plain.isascii() and plain.isalnum() else lowered


_TABLE = _FoldTable()
_ASCII_CONTROLS = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back.

    `text` has at most as many characters as the original; `origins[i]` is the offset in the
    original of folded character i, or `origins` is None when nothing was dropped and the two
    have the same offsets.
    """

    text: str
    origins: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn the half-open span [start, end) of `text` into offsets of the original.

        The span must not be empty; marks dropped inside it are part of the result.
        """
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def fold_text(text: str) -> str:
    """Return the folded text alone: the quick form, for searching without offsets."""
    if text.isascii():
        lowered = text.lower()
        return _ASCII_CONTROLS.sub(" ", lowered) if not lowered.isprintable() else lowered
    return text.translate(_TABLE)


def fold(text: str) -> Folded:
    """Fold `text` and remember where each character came from."""
    folded = fold_text(text)
    if len(folded) == len(text):
        return Folded(folded)
    origins = tuple(i for i, char in enumerate(text) if _TABLE[ord(char)])
    return Folded(folded, origins)
