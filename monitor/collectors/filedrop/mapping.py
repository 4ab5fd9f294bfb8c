"""From the columns of an export to the post object: mappings are TOML files, picked by header."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.labels import Platform
from monitor.collectors.filedrop.dates import Dates, check_zone
from monitor.errors import ConfigurationError
from monitor.files.posts_table import COUNT_COLUMNS, count
from monitor.files.tabular import ROUNDED
from monitor.reference.post_links import read_link

AUTO = "auto"
# A table that anybody may have made; only where no mapping of a suite fits.
_PLAIN = "umum"
_FIELDS = frozenset(
    {
        "id", "platform", "text", "posted_at", "url", "author.handle", "author.name",
        "author.bio", "author.location", "media_alt", "reply_to", "region", *COUNT_COLUMNS,
    }
)  # fmt: skip
_HANDLE_LIMIT = 256
# Thousands are written with a point, a comma or a space, depending on the country.
_GROUPED = re.compile(r"^\d{1,3}([.,\u00a0 ]\d{3})+$")
# Suites put numbers into quotation marks so that spreadsheets do not round them.
_AROUND_IDS = "\"'= \t"


class RowRefused(Exception):
    """Why a row gives no post; the text of the row is not part of it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file has the columns of a mapping."""

    cells: Mapping[str, str]
    rounded: Collection[str] = ()

    def first(self, names: Sequence[str]) -> str:
        for name in names:
            if value := self.cells.get(name, "").strip():
                if name in self.rounded:
                    raise RowRefused(f"{name}: {ROUNDED}")
                return value
        return ""


@dataclass(frozen=True, slots=True)
class ExportMapping:
    """One kind of export. `agreement`: its maker's terms must be cleared before it is read."""

    name: str
    title: str
    agreement: bool
    detect: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    default_platform: Platform
    dates: Dates
    id_prefix: str = ""
    own_ids: bool = False

    def fits(self, header: Collection[str]) -> bool:
        return all(names & set(header) for names in self.detect)

    def post(self, found: Columns, platform: str = "", zone: str = "") -> dict[str, Any]:
        """Return the post object of a row; raise `RowRefused` when the row holds none."""
        value = {name: found.first(columns) for name, columns in self.columns.items()}
        link = read_link(value.pop("url", "")) if value.get("url") else None
        named = value.pop("platform", "")
        own_id = value.pop("id", "").strip(_AROUND_IDS)
        post: dict[str, Any] = {
            "id": self._id(own_id, link.id or link.url if link else "", bool(link and link.id)),
            "platform": self._platform(named, link.platform if link else None, platform),
            "text": value.pop("text", ""),
        }
        if link:
            post["url"] = link.url
        author = {
            name.removeprefix("author."): value.pop(name)
            for name in list(value)
            if name.startswith("author.")
        }
        author = {name: text for name, text in author.items() if text}
        if author.get("handle"):
            author["handle"] = author["handle"].lstrip("@")[:_HANDLE_LIMIT]
        if author:
            post["author"] = author
        if moment := value.pop("posted_at", ""):
            post["posted_at"] = self.dates.iso(moment, zone)
        for name in COUNT_COLUMNS:
            number = _number(value.pop(name, ""))
            if number is not None:
                post[name] = number
        post.update({name: text for name, text in value.items() if text})
        return post

    def _id(self, own: str, of_link: str, told_by_link: bool) -> str:
        if own and (self.own_ids or not told_by_link):
            return f"{self.id_prefix}{own}"
        if not of_link:
            raise RowRefused("tanpa nomor unggahan dan tanpa alamat yang sah")
        return of_link

    def _platform(self, named: str, of_link: Platform | None, chosen: str) -> str:
        if of_link not in (None, Platform.WEB):
            return str(of_link)
        return _platform_named(named) or chosen or str(of_link or self.default_platform)


def shipped_mappings() -> dict[str, ExportMapping]:
    return dict(_shipped())


def choose_mapping(option: str) -> ExportMapping | None:
    """Return the mapping an option names (a shipped one or a TOML file), None for `auto`."""
    if option in ("", AUTO):
        return None
    if option in _shipped():
        return _shipped()[option]
    if option.endswith(".toml"):
        path = Path(option)
        try:
            return _parse(path.stem, path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"Berkas pemetaan {option} tidak terbaca; periksa letak dan izinnya."
            ) from error
    raise ConfigurationError(
        f"Pemetaan {option!r} tidak dikenal; pilihan: {AUTO}, {', '.join(_shipped())},"
        " atau berkas .toml sendiri."
    )


def detect_mapping(header: Collection[str]) -> ExportMapping | None:
    """Return the mapping that asks for most of these columns; a plain table comes last."""
    fitting = [mapping for mapping in _shipped().values() if mapping.fits(header)]
    return max(fitting, key=lambda m: (m.name != _PLAIN, len(m.detect)), default=None)


def normalised(header: Sequence[str]) -> list[str]:
    return [" ".join(title.strip().lower().split()) for title in header]


@cache
def _shipped() -> dict[str, ExportMapping]:
    folder = files("monitor.collectors.filedrop").joinpath("mappings")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _parse(
            name.removesuffix(".toml"), folder.joinpath(name).read_text("utf-8")
        )
        for name in names
    }


def _parse(name: str, text: str) -> ExportMapping:
    try:
        data = tomllib.loads(text)
        dates, ids = data.get("dates", {}), data.get("ids", {})
        mapping = ExportMapping(
            name=name,
            title=str(data["title"]),
            agreement=bool(data.get("agreement", True)),
            detect=tuple(frozenset(normalised(str(entry).split("|"))) for entry in data["detect"]),
            columns={
                str(field): tuple(normalised(columns)) for field, columns in data["columns"].items()
            },
            default_platform=Platform(data.get("default_platform", "other")),
            dates=Dates(
                zone=check_zone(dates.get("zone", "+00:00")),
                formats=tuple(dates.get("formats", ())),
                names={k: check_zone(v) for k, v in dates.get("names", {}).items()},
            ),
            id_prefix=str(ids.get("prefix", "")),
            own_ids=bool(ids.get("always", False)),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(
            f"Pemetaan {name} keliru ({error}); lihat contoh di monitor/collectors/filedrop."
        ) from error
    unknown = set(mapping.columns) - _FIELDS
    if unknown or not mapping.detect or "text" not in mapping.columns:
        raise ConfigurationError(
            f"Pemetaan {name}: perlu `detect` dan kolom `text`; kolom yang dikenal:"
            f" {', '.join(sorted(_FIELDS))}."
        )
    return mapping


@cache
def _platform_names() -> tuple[dict[str, str], dict[str, str]]:
    text = files("monitor.collectors.filedrop").joinpath("platform_names.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return data["whole"], data["part"]


def _platform_named(named: str) -> str:
    whole, part = _platform_names()
    text = named.strip().lower()
    if text in whole:
        return whole[text]
    return next((platform for name, platform in part.items() if name in text), "")


def _number(cell: str) -> int | None:
    """Return a count; what is not one is left out rather than refusing the row."""
    plain = re.sub(r"\D", "", cell) if _GROUPED.match(cell) else cell
    number = count(plain)
    return number if isinstance(number, int) and number < 2**63 else None
