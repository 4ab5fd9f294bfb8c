"""What an act means under the joint decree in force on a day: code and usual sanction by stage."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from monitor.reference.contests import Stage


@dataclass(frozen=True, slots=True)
class ActRule:
    act: str
    name: str
    code_before: str
    code_after: str
    sanction_before: str
    sanction_after: str

    def code(self, stage: Stage) -> str:
        """The code for a known stage; both, when the calendar does not say which applies."""
        if stage is Stage.BEFORE_CANDIDATES:
            return self.code_before
        if stage is Stage.OUTSIDE:
            return " / ".join(dict.fromkeys(filter(None, (self.code_before, self.code_after))))
        return self.code_after or self.code_before

    def sanction(self, stage: Stage) -> str:
        if stage is Stage.BEFORE_CANDIDATES:
            return self.sanction_before
        if stage is Stage.OUTSIDE:
            both = filter(None, (self.sanction_before, self.sanction_after))
            return " / ".join(dict.fromkeys(both))
        return self.sanction_after or self.sanction_before


def act_rule(act: str, day: date) -> ActRule:
    """Return the rule of the edition in force on `day` (the earliest one, for older posts)."""
    editions = _editions()
    current = next((e for since, e in reversed(editions) if since <= day), editions[0][1])
    return current.get(act) or current["OTHER"]


@cache
def _editions() -> list[tuple[date, dict[str, ActRule]]]:
    data = tomllib.loads(files("monitor.reference").joinpath("skb.toml").read_text("utf-8"))
    return sorted(
        (e["valid_from"], {act: ActRule(act=act, **rule) for act, rule in e["acts"].items()})
        for e in data["edition"]
    )
