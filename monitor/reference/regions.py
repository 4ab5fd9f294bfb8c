"""Region codes (Kemendagri) and how a region is inferred from what a profile says."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from models.post import Post

# Names that are also everyday words or people's names: only believed in the location field.
ORDINARY_WORDS = {"batu", "buru", "palu", "pati", "malang", "bima", "sorong", "solok", "berau"}
_ZONES = {
    "WIB": ZoneInfo("Asia/Jakarta"),
    "WITA": ZoneInfo("Asia/Makassar"),
    "WIT": ZoneInfo("Asia/Jayapura"),
}
_SAID_BEFORE = {
    "kota": "Kota",
    "pemkot": "Kota",
    "kab": "Kabupaten",
    "kabupaten": "Kabupaten",
    "pemkab": "Kabupaten",
}
_KIND = re.compile(r"^(kabupaten administrasi|kota administrasi|kabupaten|kota)\s+")
_WORDS = re.compile(r"[a-z']+")
_COMMON_NAMES = {
    "dki jakarta": "31",
    "jakarta": "31",
    "diy": "34",
    "yogyakarta": "34",
    "jogja": "34",
    "babel": "19",
    "kepri": "21",
    "sumut": "12",
    "sumbar": "13",
    "sumsel": "16",
    "jabar": "32",
    "jateng": "33",
    "jatim": "35",
    "ntb": "52",
    "ntt": "53",
    "kalbar": "61",
    "kalteng": "62",
    "kalsel": "63",
    "kaltim": "64",
    "kaltara": "65",
    "sulut": "71",
    "sulteng": "72",
    "sulsel": "73",
    "sultra": "74",
    "sulbar": "76",
    "malut": "82",
}


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    level: str
    timezone: str


def find_region(code: str) -> Region | None:
    return _regions().get(code)


def local_day(moment: datetime, code: str) -> date:
    """Return the calendar day in the region (WIB, WITA or WIT); WIB where the region is unknown."""
    region = _regions().get(code)
    return moment.astimezone(_ZONES[region.timezone if region else "WIB"]).date()


def region_name(code: str) -> str:
    region = _regions().get(code)
    return region.name if region else code


def find_code(typed: str) -> str:
    """Return the code of a region typed by code or name, read the way profiles are; '' if none."""
    return typed if typed in _regions() else _named_in(typed, every=True)


def infer_region(post: Post) -> str:
    """Return the post's own region code if it is known, else the one its profile names, else ''."""
    if post.region in _regions():
        return post.region
    return _named_in(post.author.location, every=True) or _named_in(post.author.bio, every=False)


def _named_in(text: str, *, every: bool) -> str:
    words = _WORDS.findall(text.lower())
    # A regency says more than its province, wherever it stands: "Sragen, Jawa Tengah".
    return _first_match(words, "regency", every) or _first_match(words, "province", every)


def _first_match(words: list[str], level: str, every: bool) -> str:
    names = _names(level)
    # Longer names first: "aceh selatan" before "aceh".
    for length in (5, 4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            if name in names and (every or name not in ORDINARY_WORDS):
                return _choose(names[name], words[start - 1] if start else "")
    return ""


def _choose(candidates: tuple[Region, ...], word_before: str) -> str:
    """Pick city or regency by the word before the name; if that says nothing, their province."""
    if len(candidates) == 1:
        return candidates[0].code
    wanted = _SAID_BEFORE.get(word_before)
    fitting = [r for r in candidates if wanted and r.name.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0].code
    provinces = {r.code[:2] for r in candidates}
    return provinces.pop() if len(provinces) == 1 else ""


@cache
def names_by_region() -> dict[str, tuple[str, ...]]:
    """Every way each region is named: "Kota Surakarta" and, for provinces, "sumsel" as well."""
    names = {code: [region.name] for code, region in _regions().items()}
    for name, code in _COMMON_NAMES.items():
        names[code].append(name)
    for code, region in _regions().items():
        if " Administrasi " in region.name:
            names[code].append(region.name.replace(" Administrasi", ""))
    return {code: tuple(said) for code, said in names.items()}


@cache
def _regions() -> dict[str, Region]:
    text = files("monitor.reference").joinpath("regions.csv").read_text("utf-8")
    return {row["code"]: Region(**row) for row in csv.DictReader(text.splitlines())}


@cache
def _names(level: str) -> dict[str, tuple[Region, ...]]:
    names: dict[str, list[Region]] = defaultdict(list)
    for region in _regions().values():
        if region.level == level:
            bare = _KIND.sub("", region.name.lower())
            names[" ".join(_WORDS.findall(bare))].append(region)
    found = {name: tuple(regions) for name, regions in names.items()}
    for name, code in _COMMON_NAMES.items():
        if _regions()[code].level == level:
            found.setdefault(name, (_regions()[code],))
    return found
