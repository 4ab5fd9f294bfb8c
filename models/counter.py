"""What may explain a post innocently, with its place: shown to the reviewer beside the reasons."""

import re

from models.author.gate import Examination
from models.normalize import Folded, fold
from models.post import Post
from models.prediction import Counter

_LIMIT_PER_KIND = 3
_PATTERNS: dict[str, re.Pattern[str]] = {
    # Words of somebody else, in quotation marks or announced as such.
    "quotation": re.compile(
        '["\u201c\u201d\u00ab][^"\u201c\u201d\u00ab\u00bb\n]{12,400}["\u201c\u201d\u00bb]'
        r"|\b(?:kata|ujar|tutur|menurut|tegas|ucap|jelas|kutip|dikutip|jarene|ceunah|"
        r"cenah)\b[^.\n]{0,40}"
    ),
    "negation": re.compile(
        r"\b(?:bukan|tidak|tak|gak|nggak|ngga|enggak|ora|mboten|teu|henteu|indak|jangan|"
        r"dilarang|tanpa|"
        r"stop|ojo|ulah|jan|sonde|seng|nyanda)\s+(?:\w+\s+){0,2}?"
        r"(?:dukung|mendukung|kampanye|berkampanye|pilih|memilih|milih|coblos|nyoblos|"
        r"memihak|berpihak|partisan|ikut-ikutan|endorse|ajak|mengajak|promosi|politik)\w*"
    ),
    "question": re.compile(
        r"[^.!?\n]{0,160}\?|\b(?:siapa|sopo|saha|kapan|kenapa|mengapa|bagaimana|gimana|piye|"
        r"apakah)\b[^.!?\n]{0,80}$"
    ),
    "news_sharing": re.compile(
        r"https?://\S+|\b(?:berita|baca selengkapnya|baca juga|via @?\w+|sumber:|dilansir|"
        r"breaking|liputan|hasil survei|quick count|hitung cepat)\b[^.\n]{0,60}"
    ),
    "official_duty": re.compile(
        r"\b(?:kpps|pps|ppk|ptps|panwas\w*|panwaslu\w*|petugas tps|linmas|bawaslu|kpu|"
        r"sosialisasi netralitas|ikrar netralitas|netral\w*|"
        r"pengamanan|monitoring|pemantauan|surat tugas|sesuai tupoksi|logistik pemilu|"
        r"logistik pilkada|dpt|coklit|simulasi)\b"
    ),
}
_OTHERS = frozenset({"about_others", "spouse"})


def find_counters(post: Post, examination: Examination | None) -> tuple[Counter, ...]:
    """Return counter spans in text and caption, in order of place.

    `examination` adds the places where the post speaks of *other* civil servants.
    """
    found: list[Counter] = []
    for field, value in (("text", post.text), ("media_alt", post.media_alt)):
        if value:
            found.extend(_in_field(field, fold(value)))
    if examination is not None:
        for finding in examination.counters:
            evidence = finding.evidence
            if finding.entry.kind in _OTHERS and evidence.field in ("text", "media_alt"):
                found.append(
                    Counter("other_person_asn", evidence.field, evidence.start, evidence.end)
                )
    return tuple(sorted(set(found), key=lambda c: (c.field != "text", c.start, c.end, c.kind)))


def _in_field(field: str, folded: Folded) -> list[Counter]:
    found: list[Counter] = []
    for kind, pattern in _PATTERNS.items():
        for count, match in enumerate(pattern.finditer(folded.text)):
            if count == _LIMIT_PER_KIND:
                break
            begin = match.start() + len(match.group(0)) - len(match.group(0).lstrip())
            end = match.start() + len(match.group(0).rstrip())
            if begin < end:
                found.append(Counter(kind, field, *folded.span(begin, end)))
    return found
