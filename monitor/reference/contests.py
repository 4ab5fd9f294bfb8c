"""The contest calendar: which stage a region was in on a day. With the act it gives the code."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files


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


@dataclass(frozen=True, slots=True)
class ContestStage:
    contest: str
    stage: Stage

    @property
    def name(self) -> str:
        return (
            f"{self.contest}, {STAGE_NAMES[self.stage]}"
            if self.contest
            else STAGE_NAMES[self.stage]
        )


def stage_of(region: str, day: date) -> ContestStage:
    """Return the contest and stage of `region` on `day`; where two overlap, the later vote."""
    running = [contest for contest in _contests() if contest.covers(region, day)]
    if not running:
        return ContestStage("", Stage.OUTSIDE)
    contest = max(running, key=lambda c: c.voting)
    return ContestStage(contest.name, contest.stage(day))


@cache
def _contests() -> tuple[Contest, ...]:
    folder = files("monitor.reference").joinpath("contests")
    entries = [
        tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    ]
    return tuple(Contest(**{**entry, "regions": tuple(entry["regions"])}) for entry in entries)
