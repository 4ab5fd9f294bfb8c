"""The contest calendar: which stage a region was in on a day. With the act it gives the code."""

from dataclasses import dataclass
from datetime import date

from monitor.reference.calendar import STAGE_NAMES, Stage, shipped_contests
from monitor.reference.gazetteer_folder import added_contests

__all__ = ["ContestStage", "Stage", "stage_of"]


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
    known = {contest.name: contest for contest in (*shipped_contests(), *added_contests())}
    running = [contest for contest in known.values() if contest.covers(region, day)]
    if not running:
        return ContestStage("", Stage.OUTSIDE)
    contest = max(running, key=lambda c: c.voting)
    return ContestStage(contest.name, contest.stage(day))
