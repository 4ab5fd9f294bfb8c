"""Act and stage give the code: how a case reads under the joint decree, as a suggestion."""

from dataclasses import dataclass

from monitor.domain import Case
from monitor.reference.contests import stage_of
from monitor.reference.regions import local_day
from monitor.reference.skb import act_rule


@dataclass(frozen=True, slots=True)
class ActReading:
    act: str
    name: str
    code: str
    sanction: str
    stage: str


def read_acts(case: Case) -> list[ActReading]:
    """Read every act of the case at the stage its region was in on the post's day.

    A post without a date is read on the day it was collected, the only day known of it.
    """
    day = local_day(case.posted_at or case.collected_at, case.region)
    stage = stage_of(case.region, day)
    rules = [act_rule(act, day) for act in _acts(case)]
    return [
        ActReading(
            act=rule.act,
            name=rule.name,
            code=rule.code(stage.stage),
            sanction=rule.sanction(stage.stage),
            stage=stage.name,
        )
        for rule in rules
    ]


def _acts(case: Case) -> list[str]:
    """What a reviewer said of the acts stands before what the model suggested."""
    for decision in reversed(case.decisions):
        if decision.undone_at is None and decision.acts:
            return list(decision.acts)
    return [act["act"] for act in case.prediction.get("acts") or []] or [case.act]
