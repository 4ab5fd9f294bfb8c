"""Where a missed post was lost: at the gate, by the author model, by a screen, by the stance.

And which posts came out wrong, as ids and scores: a person looks them up in the labelled file.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.labels import AsnLabel, Stance
from training.intervals import wilson

if TYPE_CHECKING:
    from training.evaluate import Judged

STAGES = ("gate", "author", "screen", "stance")


def lost_at(item: "Judged") -> str | None:
    """Return the stage that lost a post which should be flagged; None when it was not lost.

    `screen`: the stance model alone would have told it to take sides, the cascade did not.
    """
    if not item.example.gold.flag or item.flagged or item.prediction is None:
        return None
    if not item.passed_gate:
        return "gate"
    if item.prediction.asn.label is AsnLabel.NONE:
        return "author"
    return "screen" if item.told_stance != Stance.NONE else "stance"


def stage_losses(judged: Sequence["Judged"]) -> dict[str, Any]:
    """Return, of all posts that should be flagged, how many each stage lost.

    `recall_after_gate` is the share flagged of those the gate let pass, with a Wilson interval.
    """
    gold = [item for item in judged if item.example.gold.flag]
    lost = Counter(lost_at(item) for item in gold)
    flagged = sum(item.flagged for item in gold)
    passed = len(gold) - lost["gate"]
    return {
        "gold_flags": len(gold),
        "flagged": flagged,
        "lost": {
            stage: {"posts": lost[stage], **wilson(lost[stage], len(gold))} for stage in STAGES
        },
        "recall_after_gate": wilson(flagged, passed),
        "passed_gate_not_gold": sum(
            bool(item.passed_gate) and not item.example.gold.flag for item in judged
        ),
        "wrong_flags": sum(item.flagged and not item.example.gold.flag for item in judged),
    }


def failures(judged: Sequence["Judged"]) -> list[dict[str, Any]]:
    """Return every wrong flag, missed flag or wrong stance: ids, gold, told and scores, no text."""
    found = []
    for item in judged:
        gold = item.example.gold
        wrong_flag = item.prediction is not None and item.flagged != gold.flag
        if not wrong_flag and item.told_stance == gold.stance:
            continue
        kind = "stance"
        if wrong_flag:
            kind = "missed_flag" if gold.flag else "wrong_flag"
        found.append({"id": item.example.post.id, "kind": kind, **_scores(item)})
    return sorted(found, key=lambda row: (row["kind"], row["id"]))


def failure_kinds(judged: Sequence["Judged"]) -> dict[str, Any]:
    """Count wrong flags and missed ones by what the file says of such posts.

    Posts carry `meta.group` and `meta.evasion`; wrong flags are told apart by which of the two
    questions (ASN, takes sides) was answered wrongly.
    """
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for item in judged:
        gold, meta = item.example.gold, item.example.meta
        stage = lost_at(item)
        if stage:
            form = "evasive" if meta.get("evasion") else "plain"
            missed[f"{stage}, {form}"] += 1
        elif item.flagged and not gold.flag:
            not_asn, not_partisan = gold.asn is AsnLabel.NONE, not gold.partisan
            side = "both" if not_asn and not_partisan else "author" if not_asn else "stance"
            wrong[f"{side}, {meta.get('group', '-')}"] += 1
    return {"missed": dict(missed.most_common()), "wrong": dict(wrong.most_common())}


def _scores(item: "Judged") -> dict[str, Any]:
    gold, told = item.example.gold, item.ungated.stance
    assert told is not None
    row: dict[str, Any] = {
        "gold": {"stance": gold.stance.value},
        "told": {"stance": item.told_stance},
        "scores": {name.value: round(score, 4) for name, score in told.scores.items()},
    }
    if item.prediction is not None:
        row["gold"] |= {"flag": gold.flag, "asn": (gold.asn or AsnLabel.NONE).value}
        row["told"] |= {"flag": item.flagged, "asn": item.told_asn}
        row["scores"]["asn"] = round(item.prediction.asn.score, 4)
        risk = item.prediction.risk
        row |= {"risk": None if risk is None else round(risk, 4), "lost_at": lost_at(item)}
    return row
