"""Stages and contests: what a stage is, and the contests shipped with Netra as dated data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Stage(StrEnum):
    OUTSIDE = "outside"
    BEFORE_CANDIDATES = "before_candidates"
    BEFORE_CAMPAIGN = "before_campaign"
    CAMPAIGN = "campaign"
    QUIET = "quiet"
    VOTING = "voting"
    AFTER_VOTING = "after_voting"


STAGE_NAMES = {
    Stage.OUTSIDE: "di luar tahapan yang tercatat",
    Stage.BEFORE_CANDIDATES: "sebelum penetapan calon",
    Stage.BEFORE_CAMPAIGN: "setelah penetapan, sebelum kampanye",
    Stage.CAMPAIGN: "masa kampanye",
    Stage.QUIET: "masa tenang",
    Stage.VOTING: "hari pemungutan suara",
    Stage.AFTER_VOTING: "setelah pemungutan suara",
}


@dataclass(frozen=True, slots=True)
class Contest:
    name: str
    regions: tuple[str, ...]
    watched_from: date
    candidates_set: date
    campaign_from: date
    quiet_from: date
    voting: date
    watched_until: date

    def covers(self, region: str, day: date) -> bool:
        if not self.watched_from <= day <= self.watched_until:
            return False
        return "*" in self.regions or any(
            region == code or region.startswith(f"{code}.") for code in self.regions
        )

    def stage(self, day: date) -> Stage:
        steps = (
            (self.candidates_set, Stage.BEFORE_CANDIDATES),
            (self.campaign_from, Stage.BEFORE_CAMPAIGN),
            (self.quiet_from, Stage.CAMPAIGN),
            (self.voting, Stage.QUIET),
        )
        for until, stage in steps:
            if day < until:
                return stage
        return Stage.VOTING if day == self.voting else Stage.AFTER_VOTING


DATES = tuple(f.name for f in fields(Contest) if f.name not in ("name", "regions"))


def contest_from_dict(entry: Mapping[str, Any]) -> Contest:
    """Build a contest from a TOML table; raise ValueError saying in Indonesian what is wrong."""
    name, regions = entry.get("name"), entry.get("regions")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("name: wajib diisi")
    if not isinstance(regions, list) or not regions:
        raise ValueError('regions: wajib diisi, misalnya ["*"] atau ["33.14"]')
    days = [entry.get(key) for key in DATES]
    for key, day in zip(DATES, days, strict=True):
        if isinstance(day, datetime) or not isinstance(day, date):
            raise ValueError(f"{key}: wajib berisi tanggal tanpa tanda kutip seperti 2024-11-27")
    if days != sorted(days):  # type: ignore[type-var]
        raise ValueError(f"tanggal harus berurutan: {', '.join(DATES)}")
    return Contest(name.strip(), tuple(map(str, regions)), *days)  # type: ignore[arg-type]


@cache
def shipped_contests() -> tuple[Contest, ...]:
    folder = files("monitor.reference").joinpath("contests")
    entries = sorted(
        (e for e in folder.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name
    )
    return tuple(contest_from_dict(tomllib.loads(entry.read_text("utf-8"))) for entry in entries)
