"""Every gate of promotion refuses by name and figures, and lets a good model pass."""

from typing import Any

import pytest

from training.gates import GateReport, check_gates
from training.intervals import wilson


def group(posts: int, positive: int, found: int) -> dict[str, Any]:
    return {
        "posts": posts,
        "positive": positive,
        "found": found,
        "true_positive_rate": wilson(found, positive),
    }


def metrics(**groups: dict[str, Any]) -> dict[str, Any]:
    """What a good model has measured; 100 posts, of which it gets all but one right."""
    gold, told = "1" * 40 + "0" * 60, "1" * 39 + "0" * 61
    flag = {"precision": 1.0, "recall": 0.975, "f1": 0.9873}
    return {
        "test": {
            "file": {"name": "test.jsonl", "sha256": "a" * 64},
            "flag": {name: {"value": value} for name, value in flag.items()},
            "decisions": {"gold": gold, "told": told},
        },
        "fairness": {
            "overall": {
                "swaps": 1_000,
                "mean_change": 0.001,
                "flips": 1,
                "flags": 400,
                "flags_flipped": 2,
                "share_of_flags_flipped": wilson(2, 400),
            },
            "by_group": {
                "party": {"groups": groups.get("party", {})},
                "language": {"groups": groups.get("language", {})},
            },
        },
    }


def refused(report: GateReport, gate: str, *figures: str) -> bool:
    return any(
        line.startswith(f"[{gate}]") and all(one in line for one in figures)
        for line in report.failures
    )


def test_a_good_model_passes() -> None:
    report = check_gates("uji@2", metrics(), None)
    assert report.failures == []


def test_nothing_measured_passes_no_gate() -> None:
    report = check_gates("uji@2", {}, None)
    gates = {line.partition("]")[0] for line in report.failures}
    assert len(gates) == 4
    assert all("python -m training" in line for line in report.failures)


def test_floor_of_precision() -> None:
    low = metrics()
    low["test"]["flag"]["precision"]["value"] = 0.59
    assert refused(check_gates("uji@2", low, None), "batas bawah", "precision", "0.59", "0.6")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"mean_change": 0.03}, "0.03"),
        ({"flips": 21}, "21 dari 1000"),
        ({"flags_flipped": 5}, "5 dari 400"),
        ({"flags": 0, "flags_flipped": 0}, "tidak terukur"),
    ],
)
def test_swaps(changes: dict[str, Any], shown: str) -> None:
    moved = metrics()
    moved["fairness"]["overall"] |= changes
    assert refused(check_gates("uji@2", moved, None), "penukaran", shown)


def test_exactly_one_percent_of_flipped_flags_passes() -> None:
    moved = metrics()
    moved["fairness"]["overall"]["flags_flipped"] = 4
    assert check_gates("uji@2", moved, None).failures == []


@pytest.mark.parametrize("feature", ["party", "language"])
def test_recall_apart_by_more_than_ten_points(feature: str) -> None:
    groups = {"satu": group(100, 50, 45), "dua": group(90, 40, 31)}
    report = check_gates("uji@2", metrics(**{feature: groups}), None)
    gate = {"party": "recall antarpartai", "language": "recall antarbahasa"}[feature]
    assert refused(report, gate, "12.5 poin", "satu", "dua")
    within = {"satu": group(100, 50, 45), "dua": group(90, 40, 33)}
    assert check_gates("uji@2", metrics(**{feature: within}), None).failures == []


def test_few_violations_refuse_only_what_chance_does_not_explain() -> None:
    noise = {"satu": group(400, 100, 90), "dua": group(45, 12, 9)}
    report = check_gates("uji@2", metrics(language=noise), None)
    assert report.failures == []
    assert any("15.0 poin" in note and "kebetulan" in note for note in report.notes)
    gap = {"satu": group(400, 100, 90), "dua": group(45, 12, 4)}
    assert refused(check_gates("uji@2", metrics(language=gap), None), "recall antarbahasa")


def test_small_groups_are_told_to_be_untested() -> None:
    small = {"satu": group(400, 100, 90), "dua": group(39, 30, 0)}
    report = check_gates("uji@2", metrics(language=small), None)
    assert report.failures == []
    assert any("recall antarbahasa tidak teruji" in note for note in report.notes)


def test_worse_than_the_active_one_on_the_same_posts() -> None:
    ours = metrics()
    ours["test"]["decisions"]["told"] = "1" * 35 + "0" * 65
    ours["test"]["flag"]["f1"]["value"] = 0.9333
    report = check_gates("uji@2", ours, ("lama@1", metrics()))
    assert refused(report, "tidak lebih buruk", "0.9333", "0.9873", "lama@1")
    assert check_gates("uji@2", metrics(), ("lama@1", ours)).failures == []
    assert check_gates("uji@2", metrics(), ("lama@1", metrics())).failures == []


def test_a_loss_within_a_point_that_chance_explains_passes() -> None:
    theirs = metrics()
    theirs["test"]["decisions"] = {"gold": "10" * 500, "told": "10" * 495 + "00" * 5}
    ours = metrics()
    ours["test"]["decisions"] = {"gold": "10" * 500, "told": "00" * 6 + "10" * 494}
    assert check_gates("uji@2", ours, ("lama@1", theirs)).failures == []


def test_without_decisions_any_loss_is_worse() -> None:
    ours = metrics()
    del ours["test"]["decisions"]
    ours["test"]["flag"]["f1"]["value"] = 0.987
    assert refused(check_gates("uji@2", ours, ("lama@1", metrics())), "tidak lebih buruk")


def test_other_test_posts_cannot_be_compared() -> None:
    other = metrics()
    other["test"]["file"]["sha256"] = "b" * 64
    report = check_gates("uji@2", metrics(), ("lama@1", other))
    assert refused(report, "tidak lebih buruk", "berkas uji sama", "--model lama@1")
    del other["test"]["file"]
    assert check_gates("uji@2", metrics(), ("lama@1", other)).failures != []


def test_the_active_one_is_not_held_against_itself() -> None:
    ours = metrics()
    del ours["test"]["file"]
    assert check_gates("uji@2", ours, ("uji@2", ours)).failures == []
