"""Times as exports write them, turned into ISO 8601 with an offset."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

# Seconds of this century; milliseconds are told by their three more digits.
_EPOCH = re.compile(r"^\d{10}(\d{3})?$")
_OFFSET = re.compile(r"^[+-](0\d|1[0-4]):[0-5]\d$")
_ENGLISH_MONTH = re.compile(r"[A-Za-z]{3,}")
_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_NAMED = {"UTC": "+00:00", "GMT": "+00:00", "WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00"}
# strptime takes the month names of the machine's own language; figures are the same everywhere.
_INDONESIAN = {"mei": "may", "agu": "aug", "agt": "aug", "okt": "oct", "des": "dec"}


@dataclass(frozen=True, slots=True)
class Dates:
    """How one kind of export writes its times; `zone` is meant where the cell names none."""

    zone: str = "+00:00"
    formats: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def iso(self, cell: str, zone: str = "") -> str:
        """Return the time with offset; one that cannot be read comes back as it stands."""
        text, offset = cell.strip(), zone or self.zone
        if _EPOCH.match(text):
            return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
        for name, named_offset in {**_NAMED, **self.names}.items():
            if text.endswith(f" {name}"):
                text, offset = text.removesuffix(name).rstrip(), named_offset
        moment = _iso_or_none(text) or self._by_format(text)
        if moment is None:
            return cell
        if moment.tzinfo is not None:
            return moment.isoformat()
        return moment.isoformat() + offset

    def _by_format(self, text: str) -> datetime | None:
        figures = _ENGLISH_MONTH.sub(_month_figure, text)
        for pattern in self.formats:
            try:
                return datetime.strptime(figures, pattern.replace("%b", "%m").replace("%B", "%m"))
            except ValueError:
                continue
        return None


def check_zone(text: str) -> str:
    """Return an offset such as +07:00; raise ValueError for anything else."""
    if not _OFFSET.match(text):
        raise ValueError("zona waktu ditulis sebagai selisih, misalnya +07:00")
    return text


def _iso_or_none(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _month_figure(found: re.Match[str]) -> str:
    word = found.group()[:3].lower()
    word = _INDONESIAN.get(word, word)
    return f"{_MONTHS.index(word) + 1:02d}" if word in _MONTHS else found.group()
