"""What a day with the model is like for an analyst: marks a day, how many true, what is missed.

Recall comes from written posts of held-out voices, the false-alarm rate from unlabelled real
posts of people who are hardly ever civil servants. Neither is life; so the bounds are combined
at their worst, and until 300 live decisions exist the report says that nothing is tested there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from training.errors import DatasetError
from training.intervals import exact, wilson

# One violation in so many posts that pass the gate.
BASE_RATES = (300, 3_000, 30_000)
# Posts that pass the gate in a day, unless told otherwise.
VOLUME = 1_000
DECISIONS_NEEDED = 300
NOT_TESTED = "belum diuji di lapangan"
_CONFIRMED, _DISMISSED = "confirm", "dismiss"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of posts, seen `hits` times in `tries`, with 95% bounds."""

    hits: int
    tries: int
    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "hits": self.hits,
            "tries": self.tries,
            "value": round(self.value, 5),
            "low": round(self.low, 5),
            "high": round(self.high, 5),
        }


def recall_rate(hits: int, tries: int) -> Rate:
    """Return the recall of the flag with its Wilson interval."""
    shown = wilson(hits, tries)
    return Rate(hits, tries, hits / tries, shown["low"] or 0.0, shown["high"] or 1.0)


def false_alarm_rate(hits: int, tries: int) -> Rate:
    """Return the share of harmless posts past the gate that are flagged, with exact bounds.

    The value is (hits + 1/2) / (tries + 1), Jeffreys' estimate: none seen does not mean never.
    """
    low, high = exact(hits, tries)
    return Rate(hits, tries, (hits + 0.5) / (tries + 1), low, high)


def workload(
    recall: Rate, after_gate: Rate, false_alarm: Rate, *, base_rate: float, volume: int
) -> dict[str, Any]:
    """Return flags a day, the share of them that is true, and the share of violations missed.

    `volume` posts pass the gate in a day, `base_rate` of them are violations. `after_gate` is
    the recall over violations that passed the gate, `recall` the one over all. Each triple is
    (value, low, high); low precision pairs few found with many false alarms and so on, which
    makes every interval at least as wide as 95% asks.
    """
    true_posts, harmless = volume * base_rate, volume * (1.0 - base_rate)

    def share(found: float, wrong: float) -> float:
        flagged = true_posts * found + harmless * wrong
        return true_posts * found / flagged if flagged else 0.0

    return {
        "base_rate": base_rate,
        "violations_a_day": true_posts,
        "flags_a_day": _triple(
            true_posts * after_gate.value + harmless * false_alarm.value,
            true_posts * after_gate.low + harmless * false_alarm.low,
            true_posts * after_gate.high + harmless * false_alarm.high,
        ),
        "precision": _triple(
            share(after_gate.value, false_alarm.value),
            share(after_gate.low, false_alarm.high),
            share(after_gate.high, false_alarm.low),
        ),
        "missed_share": _triple(1 - recall.value, 1 - recall.high, 1 - recall.low),
    }


def _triple(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}


def analyst_view(
    metrics: Mapping[str, Any],
    *,
    volume: int = VOLUME,
    background: Sequence[str] = (),
    decisions: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return the report from what an artifact's metrics.json has recorded.

    `background` names the recorded files of real posts; all of them when empty. `missing` lists
    what must be measured first; then there are no `rows`. Raises DatasetError on a key that
    was not recorded.
    """
    counted = dict(decisions or {_CONFIRMED: 0, _DISMISSED: 0})
    report: dict[str, Any] = {
        "volume": volume,
        "decisions": counted,
        "tested_in_the_field": sum(counted.values()) >= DECISIONS_NEEDED,
        "missing": [],
    }
    recorded = metrics.get("background", {})
    unknown = [name for name in background if name not in recorded]
    if unknown:
        known = ", ".join(recorded) or "belum ada"
        raise DatasetError(f"background {', '.join(unknown)}: tidak tercatat; yang ada: {known}")
    names = list(background) or list(recorded)
    passed = sum(recorded[name]["passed_gate"] for name in names)
    stages = metrics.get("test", {}).get("stages")
    if not stages or not stages["gold_flags"]:
        report["missing"].append("evaluate data/labeled/test.jsonl --record test")
    if not passed:
        report["missing"].append("background BERKAS --record KUNCI")
    if report["missing"]:
        return report
    assert stages is not None
    flagged, gold = stages["flagged"], stages["gold_flags"]
    recall = recall_rate(flagged, gold)
    after_gate = recall_rate(flagged, max(1, gold - stages["lost"]["gate"]["posts"]))
    alarm = false_alarm_rate(sum(recorded[name]["flagged"] for name in names), passed)
    written = (stages["wrong_flags"], stages["passed_gate_not_gold"])
    report |= {
        "recall": recall.to_dict(),
        "recall_after_gate": after_gate.to_dict(),
        "false_alarm": {**alarm.to_dict(), "files": names},
        "false_alarm_written": false_alarm_rate(*written).to_dict() if written[1] else None,
        "rows": [
            workload(recall, after_gate, alarm, base_rate=1 / rate, volume=volume)
            | {"one_in": rate}
            for rate in BASE_RATES
        ],
    }
    return report


def read_decisions(path: Path) -> dict[str, int]:
    """Count confirmed and dismissed cases in a JSONL file of reviewed labels.

    Each line holds `decision`: `confirm` or `dismiss` count, other decisions settle nothing.
    Raises DatasetError naming the line.
    """
    counted = {_CONFIRMED: 0, _DISMISSED: 0}
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DatasetError(f"{path.name}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            decision = orjson.loads(line)["decision"]
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(
                f"{path.name}, baris {number}: bukan objek JSON dengan 'decision'; "
                "pakai berkas label hasil peninjauan"
            ) from error
        if decision in counted:
            counted[decision] += 1
    return counted
