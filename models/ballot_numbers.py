"""Ballot numbers in a text: "paslon 02", "nomor urut tiga", "02"; not "TPS 02" nor "RT 03"."""

import re

from models.normalize import Folded

_VALUES = {
    **dict.fromkeys(("satu", "siji", "hiji", "ciek", "seddi"), 1),
    **dict.fromkeys(("dua", "loro", "duo"), 2),
    **dict.fromkeys(("tiga", "telu", "tilu", "tigo", "tellu", "tellu", "tige"), 3),
    **dict.fromkeys(("empat", "papat", "opat", "ampek"), 4),
    "lima": 5,
}
_WORD = rf"(?:kosong\s*)?(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
# The generic ways to name a pair by its number; a bare number is not enough.
_NUMBERED = re.compile(
    rf"(?<![a-z])(?:paslon|pasangan calon|pasangan|nomor urut|no\.? ?urut|nomor|nomer|no\.?|"
    rf"urut|calon no(?:mor)?)"
    rf"[\s.:#]*(?:urut[\s.:]*)?(?P<digits>0?\d{{1,2}}(?!\d)|{_WORD}(?![a-z]))"
    rf"|(?<![\d.,:/a-z-])(?P<bare>0[1-9])(?![\d.,:/-]*\d)"
    rf"|(?<![a-z])salam\s+(?P<fingers>\d|{_WORD})\s+jari"
)
# What such a number counts when it stands before it: polling stations, houses, times, schools.
_COUNTS_OTHERS = re.compile(
    r"(?<![a-z])(?:tps|rt|rw|pukul|jam|tgl|tanggal|kelas|sd|sdn|smp|smpn|sma|sman|smk|smkn|km|blok|"
    r"lantai|kamar|bab|pasal|ayat|hp|telp|telepon|rp|gugus|kloter|lajur|jalur)[\s.:/-]*$"
)
_LONGEST_BEFORE = 14


def ballot_numbers(folded: Folded) -> list[tuple[int, int, int]]:
    """Return (start, end, number) of each place that names a ballot number.

    Offsets are into the folded text; they come in order and do not overlap.
    """
    found = []
    for match in _NUMBERED.finditer(folded.text):
        start, end = match.span()
        before = folded.text[max(0, start - _LONGEST_BEFORE) : start]
        if not _COUNTS_OTHERS.search(before):
            said = match["digits"] or match["bare"] or match["fingers"]
            found.append((start, end, _value(said)))
    return found


def _value(said: str) -> int:
    return int(said) if said.isdigit() else _VALUES[said.removeprefix("kosong").strip()]
