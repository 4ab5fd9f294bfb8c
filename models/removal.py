"""What can be taken out of a post: words, names kept whole, and clauses of the text it answers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from models.normalize import fold_text
from models.post import Post

# Field name, start, end: offsets of the field as received.
Span = tuple[str, int, int]
Group = tuple[Span, ...]

# A word without the punctuation around it; emoji alone are words too, punctuation alone is not.
_WORD = re.compile(r"[#@]{0,2}\w(?:\S*\w)?|[^\w\s!-/:-@\[-`{-~\u2010-\u2027]+")
_NUMBERED = re.compile(
    r"(?:nomor|nomer|no|nmr|paslon|pasangan|calon|urut|kotak|angka|salam)\.?", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,2}|satu|dua|tiga|empat|lima|urut", re.IGNORECASE)
# A name goes on while words are written like one ("H. Anies Rasyid", "Ridwan Kamil").
_NAMELIKE = re.compile(r"[A-Z](?:[a-z'\u2019]+|\.?)(?:[-\u2013&][A-Z][a-z'\u2019]+)*")
_LONGEST_NAME = 4
# Capital at the start of a sentence only: a name may follow, but does not begin here.
_NO_NAME_WORDS = """
ayo yuk mari jangan pilih coblos dukung menang menangkan ganti lanjut lanjutkan hidup salam bersama
untuk dari dengan demi buat sama kata kami kita saya aku gue beta selamat terima kasih semoga
semangat siap pokoknya tetap tolak lawan bukan tidak ini itu yang dan di ke kalau kalo besok hari
hanya cuma
"""
_NOT_A_NAME = frozenset(_NO_NAME_WORDS.split())
_CLAUSE_END = re.compile(r"[.,;:!?…\n–—]")
_MOST_REPLY_CLAUSES = 3


def words(post: Post) -> list[Span]:
    """Return what is taken out as one: words and names of text and caption, in order of place.

    Of the replied-to text only clauses, three at most: its words are those of somebody else.
    """
    found: list[Span] = []
    for field in ("text", "media_alt"):
        found += _whole_names(field, text_of(post, field))
    reply = [("reply_to", match.start(), match.end()) for match in _WORD.finditer(post.reply_to)]
    return found + [span for clause in _clauses(post, reply) for span in hulls(clause)]


def text_of(post: Post, field: str) -> str:
    """Return `text`, `media_alt` or `reply_to` of a post."""
    return str(getattr(post, field))


def alike(post: Post, spans: Iterable[Span]) -> list[Group]:
    """Put words said more than once together: taking out one of two would show nothing."""
    groups: defaultdict[str, list[Span]] = defaultdict(list)
    for field, start, end in spans:
        # Not across to the replied-to text, which somebody else wrote.
        side = "reply " if field == "reply_to" else ""
        word = fold_text(text_of(post, field)[start:end]).lstrip("#@")
        groups[side + word].append((field, start, end))
    return [tuple(group) for group in groups.values()]


def pieces(post: Post, spans: Sequence[Span], most: int) -> list[Group]:
    """Cut neighbouring spans into at most `most` pieces of like length, at clause ends if any."""
    if len(spans) <= most:
        return [(span,) for span in spans]
    size = len(spans) / most
    ends = [i for i in range(1, len(spans)) if _clause_ends(post, spans[i - 1], spans[i])]
    cuts = {0, len(spans)}
    for number in range(1, most):
        ideal = round(number * size)
        near = [end for end in ends if abs(end - ideal) <= size / 2]
        cuts.add(min(near, key=lambda end: abs(end - ideal)) if near else ideal)
    places = sorted(cuts)
    return [tuple(spans[start:end]) for start, end in pairwise(places)]


def hulls(piece: Sequence[Span]) -> Group:
    """Return the places from first to last of these neighbouring spans, one per field."""
    ends: dict[str, tuple[int, int]] = {}
    for field, start, end in piece:
        ends[field] = (ends.get(field, (start, end))[0], end)
    return tuple((field, *place) for field, place in ends.items())


def without(post: Post, spans: Iterable[Span]) -> Post:
    """Return the post with each of these places replaced by a blank."""
    changed: dict[str, str] = {}
    for field, start, end in sorted(set(spans), reverse=True):
        value = changed.get(field, text_of(post, field))
        changed[field] = f"{value[:start]} {value[end:]}"
    return replace(post, **changed) if changed else post  # type: ignore[arg-type]


def neighbours(post: Post, left: Span, right: Span) -> bool:
    """Tell whether nothing but blanks and signs stands between two places of one field."""
    if left[0] != right[0]:
        return False
    return not re.search(r"\w", text_of(post, left[0])[left[2] : right[1]])


def _whole_names(field: str, value: str) -> list[Span]:
    found: list[Span] = []
    length = 1
    for match in _WORD.finditer(value):
        word, last = match.group(), found[-1] if found else None
        if last and length < _LONGEST_NAME and _goes_on(value, last[1], last[2], match):
            found[-1] = (field, last[1], match.end())
            length += 1
            continue
        found.append((field, match.start(), match.start() + len(word)))
        length = 1
    return found


def _goes_on(value: str, start: int, end: int, match: re.Match[str]) -> bool:
    if value[end : match.start()].strip(" .") or "\n" in value[end : match.start()]:
        return False
    so_far, word = value[start:end].split(), match.group()
    if _NUMBERED.fullmatch(so_far[-1]) and _NUMBER.fullmatch(word):
        return True
    if "." in value[end : match.start()] and len(so_far[-1]) > 2:
        return False  # the end of a sentence, not of an abbreviated title
    return (
        _NAMELIKE.fullmatch(word) is not None
        and _NAMELIKE.fullmatch(so_far[-1]) is not None
        and so_far[0].lower() not in _NOT_A_NAME
        and word.lower() not in _NOT_A_NAME
    )


def _clauses(post: Post, spans: Sequence[Span]) -> list[Group]:
    ends = [i for i in range(1, len(spans)) if _clause_ends(post, spans[i - 1], spans[i])]
    if len(ends) >= _MOST_REPLY_CLAUSES:
        return pieces(post, spans, _MOST_REPLY_CLAUSES)
    return [tuple(spans[start:end]) for start, end in pairwise([0, *ends, len(spans)])]


def _clause_ends(post: Post, left: Span, right: Span) -> bool:
    if left[0] != right[0]:
        return True
    return _CLAUSE_END.search(text_of(post, left[0])[left[2] : right[1]]) is not None
