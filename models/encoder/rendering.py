"""What the encoder reads of a post: text, caption and replied-to, names made into marks.

Candidates, parties and ballot numbers become numbered marks in the order in which a post names
them (`<calon1>`, `<nomor2>`): who is set against whom stays readable, who they are does not, so
that swapping one for another gives the very same text (rule 7). Author fields are never read.
"""

import re

from models.post import Post
from models.stance.mask import CANDIDATE, NUMBER, Entities, masked_text

PARTY = "xpartai"
_KINDS = {CANDIDATE: "calon", PARTY: "partai", NUMBER: "nomor"}
_PLAIN = {
    "xtempat": "<tempat>",
    "xagama": "<agama>",
    "xsyukur": "<syukur>",
    "xsalam": "<salam>",
    "xsapa": "<sapa>",
    "xakun": "<akun>",
    "xtautan": "<tautan>",
    "xsurel": "<surel>",
    "xjumlah": "<jumlah>",
    "xjari": "<jari>",
}
CAPTION, REPLIED_TO = "<foto>", "<balas>"
# More than four rivals in one post are told apart no further.
_MOST_MARKS = 4
_MARK = re.compile(
    r"x(?:calon|partai|angka)q[a-z]|x(?:tempat|agama|syukur|salam|sapa|akun|tautan|surel|jumlah|jari)"
)
_RUN = re.compile(rf"{CANDIDATE}q[a-z](?:[\s\u2013&/-]+{CANDIDATE}q[a-z])+")
_RUN_LETTER = re.compile(rf"{CANDIDATE}q([a-z])")
_SPACES = re.compile(r"\s+")
# The encoder reads 128 pieces, of four characters or so. A text alone may fill them; beside a
# caption or a post replied to it leaves room for these.
_TEXT_LIMIT, _TEXT_BESIDE_OTHERS, _CAPTION_LIMIT, _REPLY_LIMIT = 800, 360, 240, 160
# Names are masked before the cut, so that a longer name does not move it.
_READ_LIMIT = 4_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGIT_OF = {
    word: digit
    for digit, words in enumerate(
        (
            "nol kosong",
            "satu siji hiji ciek seddi sada",
            "dua loro duo",
            "tiga telu tilu tigo tellu tolu tige",
            "empat papat opat ampek",
            "lima",
            "enam",
            "tujuh",
            "delapan",
            "sembilan",
            "sepuluh",
        )
    )
    for word in words.split()
}

MARKS = (
    *(f"<{kind}{number}>" for kind in _KINDS.values() for number in range(1, _MOST_MARKS + 1)),
    *_PLAIN.values(),
    CAPTION,
    REPLIED_TO,
)


class _Numbering:
    """Gives every name of one post a letter, the same name the same one."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}

    def __call__(self, placeholder: str, name: str) -> str:
        seen = self._seen.get(placeholder)
        if seen is None:
            return placeholder
        key = _number_value(name) if placeholder == NUMBER else name.casefold()
        letter = seen.setdefault(key, _LETTERS[min(len(seen), len(_LETTERS) - 1)])
        return f"{placeholder}q{letter}"


def _number_value(name: str) -> str:
    digits = name.lstrip("0")
    if digits.isdigit():
        return digits
    words = name.replace("kosong", " ").split()
    return str(_DIGIT_OF.get(words[-1] if words else "nol", name))


def render(post: Post, entities: Entities) -> str:
    """Return the text the encoder reads of a post."""
    numbering = _Numbering()

    def masked(value: str, limit: int) -> str:
        # Signs that would read like marks.
        plain = masked_text(value[:_READ_LIMIT], entities, numbering).replace("<", " ")
        return plain if len(plain) <= limit else plain[:limit].rsplit(" ", 1)[0]

    alone = not post.media_alt and not post.reply_to
    parts = [masked(post.text, _TEXT_LIMIT if alone else _TEXT_BESIDE_OTHERS)]
    if post.media_alt:
        parts += [CAPTION, masked(post.media_alt, _CAPTION_LIMIT)]
    if post.reply_to:
        parts += [REPLIED_TO, masked(post.reply_to, _REPLY_LIMIT)]
    return _SPACES.sub(" ", _marked(_one_mark_a_name(" ".join(parts)))).strip()


def _one_mark_a_name(masked: str) -> str:
    """Join neighbouring letters of a full name into the first, here and wherever they recur."""
    first_of: dict[str, str] = {}
    for run in _RUN.finditer(masked):
        letters = [first_of.get(letter, letter) for letter in _RUN_LETTER.findall(run.group(0))]
        first_of.update((letter, letters[0]) for letter in letters[1:])
    joined = _RUN.sub(lambda m: m.group(0)[: len(CANDIDATE) + 2], masked)
    return _RUN_LETTER.sub(lambda m: f"{CANDIDATE}q{first_of.get(m.group(1), m.group(1))}", joined)


def _marked(masked: str) -> str:
    """Turn placeholders into marks, numbered by first appearance."""
    order: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}

    def mark(match: re.Match[str]) -> str:
        found = match.group(0)
        plain = _PLAIN.get(found)
        if plain is not None:
            return f" {plain} "
        kind, letter = found[:-2], found[-1]
        number = order[kind].setdefault(letter, len(order[kind]) + 1)
        return f" <{_KINDS[kind]}{min(number, _MOST_MARKS)}> "

    return _MARK.sub(mark, masked)
