"""What may be sent in through the public door: sizes, dates, links, and signs of spam."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.errors import ReportRefused
from monitor.reference.post_links import LINK_LIMIT, PostLink, read_link
from monitor.reference.regions import find_code, find_region

TEXT_LIMIT = 10_000
SEEN_LIMIT = 2_000
CONTACT_LIMIT = 200
REGION_LIMIT = 100
# Fewer letters tell nobody anything about what was seen.
SEEN_LEAST = 10
_LINKS_IN_TEXT = 10
_FUTURE = timedelta(hours=24)
_OLDEST = 2000
_DATE_FORMATS = (
    "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
    "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H.%M", "%d/%m/%Y %H.%M",
)  # fmt: skip
# Advertisers write links in every markup there is, hoping that one of them is shown as such.
_MARKUP = re.compile(r"\[url[=\]]|\[link[=\]]|<a\s[^>]*href", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class ReportAsTyped:
    link: str = ""
    text: str = ""
    seen: str = ""
    seen_at: str = ""
    region: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CheckedReport:
    link: PostLink | None
    text: str
    seen: str
    seen_at: datetime | None
    region: str
    contact: str


def check_report(typed: ReportAsTyped, now: datetime, zone: tzinfo) -> CheckedReport:
    """Return what will be kept; raise `ReportRefused` naming the field and what to do."""
    text, seen = _clean(typed.text), _clean(typed.seen)
    link = _link(typed.link)
    if link is None and not text:
        raise refused("link", "Isi tautan unggahan, atau salin teksnya.")
    if len(text) > TEXT_LIMIT:
        raise refused("text", f"Teks paling banyak {TEXT_LIMIT} karakter.")
    if len(seen) < SEEN_LEAST or not _LETTERS.search(seen):
        raise refused("seen", "Ceritakan dengan satu kalimat apa yang Anda lihat.")
    if len(seen) > SEEN_LIMIT:
        raise refused("seen", f"Cerita paling banyak {SEEN_LIMIT} karakter.")
    for field, said in (("text", text), ("seen", seen)):
        if _MARKUP.search(said) or len(_ADDRESS.findall(said)) > _LINKS_IN_TEXT:
            raise refused(
                field, "Isian ini tampak seperti iklan. Tulis tautannya di kolom tautan saja."
            )
    contact = " ".join(_clean(typed.contact).split())
    if len(contact) > CONTACT_LIMIT:
        raise refused("contact", f"Kontak paling banyak {CONTACT_LIMIT} karakter.")
    return CheckedReport(
        link=link,
        text=text,
        seen=seen,
        seen_at=_moment(typed.seen_at.strip(), now, zone),
        region=_region(typed.region.strip()),
        contact=contact,
    )


def refused(field: str, detail: str) -> ReportRefused:
    return ReportRefused(detail, field=field)


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    if "\x00" in plain:
        plain = plain.replace("\x00", "")
    # A half of a surrogate pair can neither be stored nor shown.
    return plain.encode("utf-8", "replace").decode()


def _link(typed: str) -> PostLink | None:
    if not typed.strip():
        return None
    if len(typed) > LINK_LIMIT:
        raise refused("link", f"Tautan paling panjang {LINK_LIMIT} karakter.")
    link = read_link(typed)
    if link is None:
        raise refused(
            "link", "Itu bukan alamat unggahan publik. Salin seluruh alamatnya, diawali https://."
        )
    return link


def _moment(typed: str, now: datetime, zone: tzinfo) -> datetime | None:
    if not typed:
        return None
    moment = _iso(typed) or _by_format(typed)
    if moment is None:
        raise refused("seen_at", "Tulis waktunya seperti 27-11-2024 14:30, atau kosongkan.")
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    if moment.year < _OLDEST:
        raise refused("seen_at", "Waktu itu terlalu lama; periksa tahunnya.")
    if moment > now + _FUTURE:
        raise refused("seen_at", "Waktu itu belum terjadi; periksa tanggalnya.")
    return moment


def _iso(typed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        return None


def _by_format(typed: str) -> datetime | None:
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(typed, pattern)
        except ValueError:
            continue
    return None


def _region(typed: str) -> str:
    if not typed:
        return ""
    code = find_code(typed[:REGION_LIMIT])
    if not find_region(code):
        raise refused(
            "region", "Wilayah itu tidak dikenal. Tulis nama kabupaten, kota, atau provinsi."
        )
    return code
