"""The labelled posts that are shipped: nothing refused, every aim met, the data sheet true."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from training.data_check.check import Report, check_folder

DATA = Path(__file__).parents[2] / "data" / "labeled"
SHEET = (DATA / "README.md").read_text("utf-8")


@cache
def report() -> Report:
    return check_folder(DATA)


def test_nothing_is_refused() -> None:
    assert [str(fault) for fault in report().faults] == []


def test_every_aim_of_the_collection_is_met() -> None:
    assert [f"{aim.name}: {aim.value}" for aim in report().aims if not aim.met] == []


def test_no_name_and_no_origin_tells_a_label() -> None:
    probes = report().probes
    assert {(probe.seen, probe.label) for probe in probes} >= {
        ("nama", "stance"),
        ("nama", "flag"),
        ("region", "flag"),
        ("name_group", "stance"),
    }
    assert [probe for probe in probes if not probe.even] == []


def test_two_readings_agree_before_settling() -> None:
    overall = report().agreement["overall"]
    assert all(overall[question]["kappa"] >= 0.85 for question in ("stance", "asn", "flag"))


def test_the_committed_report_is_the_one_the_checker_writes() -> None:
    committed = json.loads((DATA / "report.json").read_text("utf-8"))
    told = json.loads(json.dumps(report().to_dict()))
    assert committed["counts"] == told["counts"]
    assert committed["agreement"] == told["agreement"]
    for mine, theirs in zip(committed["probes"], told["probes"], strict=True):
        # Solvers differ in the last digits between machines.
        assert mine["value"] == pytest.approx(theirs["value"], abs=0.01), mine["seen"]


def test_the_data_sheet_tells_the_counts_of_today() -> None:
    counts = report().counts
    for split, number in counts["split"].items():
        assert f"| `{split}.jsonl` | {number} |" in SHEET
    for group, number in counts["group"].items():
        assert f"| `{group}` | {number} |" in SHEET
    for language, number in counts["lang"].items():
        assert re.search(rf"\b{language} {number}\b", SHEET), language
    for act, number in counts["act"].items():
        assert f"{act} {number}" in SHEET


def test_the_data_sheet_tells_kappa_and_the_probes() -> None:
    overall = report().agreement["overall"]
    kappas = " | ".join(f"{overall[q]['kappa']:.2f}" for q in ("stance", "asn", "flag"))
    assert f"| all | {overall['posts']} | {kappas} |" in SHEET
    committed = json.loads((DATA / "report.json").read_text("utf-8"))
    for probe in committed["probes"]:
        assert f"{probe['value']:.3f} [{probe['low']:.3f}–{probe['high']:.3f}]" in SHEET


def test_the_data_sheet_tells_the_learning_curve() -> None:
    for row in json.loads((DATA / "learning_curve.json").read_text("utf-8")):
        line = re.compile(
            rf"\| {row['written_posts']} \| {row['real_posts']} \| {row['test']['value']:.2f}\b.*"
            rf"\| {row['contrast']['value']:.2f}\b.*\| {row['real']['value']:.2f}\b"
        )
        assert line.search(SHEET), row
