"""The analyst's view: base-rate arithmetic against values worked out by hand."""

import itertools
from pathlib import Path

import pytest

from training.errors import DatasetError
from training.workload import (
    Rate,
    analyst_view,
    false_alarm_rate,
    read_decisions,
    recall_rate,
    workload,
)
from training.workload_text import number, workload_text

METRICS = {
    "test": {
        "stages": {
            "gold_flags": 100,
            "flagged": 80,
            "lost": {"gate": {"posts": 10}},
            "passed_gate_not_gold": 50,
            "wrong_flags": 5,
        }
    },
    "background": {
        "pemilu": {"posts": 20_000, "passed_gate": 30, "flagged": 0},
        "sehari-hari": {"posts": 10_000, "passed_gate": 21, "flagged": 1},
    },
}


def test_one_day_by_hand() -> None:
    recall = Rate(8, 10, 0.8, 0.5, 0.9)
    alarm = Rate(1, 100, 0.01, 0.002, 0.05)
    day = workload(recall, recall, alarm, base_rate=0.1, volume=1_000)
    # 100 violations and 900 harmless posts: 80 + 9 flags, at worst 50 + 45, at best 90 + 1.8.
    assert day["flags_a_day"] == {"value": 89.0, "low": 51.8, "high": 135.0}
    assert day["precision"] == {"value": 0.8989, "low": 0.5263, "high": 0.9804}
    assert day["missed_share"] == {"value": 0.2, "low": 0.1, "high": 0.5}


def test_what_the_gate_loses_is_missed_and_flags_nothing() -> None:
    recall, after_gate = Rate(4, 10, 0.4, 0.4, 0.4), Rate(4, 5, 0.8, 0.8, 0.8)
    day = workload(recall, after_gate, Rate(0, 9, 0.0, 0.0, 0.0), base_rate=0.01, volume=1_000)
    assert day["flags_a_day"]["value"] == 8.0
    assert day["missed_share"]["value"] == 0.6


def test_no_false_alarm_seen_does_not_mean_never() -> None:
    rate = false_alarm_rate(0, 51)
    assert rate.low == 0.0
    # Clopper-Pearson without a hit: 1 - 0.025^(1/n).
    assert rate.high == pytest.approx(1 - 0.025 ** (1 / 51))
    assert rate.value == pytest.approx(0.5 / 52)


def test_recall_has_a_wilson_interval() -> None:
    rate = recall_rate(80, 100)
    # Wilson by hand for 80 of 100: 0.7112 to 0.8666.
    assert (rate.low, rate.high) == (0.7112, 0.8666)


def test_rates_are_read_from_what_was_recorded() -> None:
    report = analyst_view(METRICS, volume=3_000)
    assert report["recall"]["value"] == 0.8
    assert report["recall_after_gate"]["value"] == pytest.approx(80 / 90, abs=1e-5)
    assert (report["false_alarm"]["hits"], report["false_alarm"]["tries"]) == (1, 51)
    assert (report["false_alarm_written"]["hits"], report["false_alarm_written"]["tries"]) == (
        5,
        50,
    )
    assert [row["one_in"] for row in report["rows"]] == [300, 3_000, 30_000]
    assert report["rows"][0]["violations_a_day"] == 10
    one = analyst_view(METRICS, background=["pemilu"])
    assert one["false_alarm"]["tries"] == 30
    with pytest.raises(DatasetError, match="lain"):
        analyst_view(METRICS, background=["lain"])


def test_rarer_violations_make_flags_less_often_true() -> None:
    rows = analyst_view(METRICS)["rows"]
    for common, rare in itertools.pairwise(rows):
        assert rare["precision"]["high"] < common["precision"]["high"]
        assert rare["missed_share"] == common["missed_share"]


def test_the_report_in_words() -> None:
    text = workload_text(analyst_view(METRICS, volume=3_000))
    assert "belum diuji di lapangan" in text
    assert "Untuk 3.000 unggahan lolos gerbang sehari" in text
    assert "luput sekitar 1 dari 5 " in text
    assert text.count("dari 100 benar") == 3
    assert "1 dari 51" in text


def test_without_measures_it_says_what_to_run() -> None:
    report = analyst_view({})
    assert "rows" not in report
    text = workload_text(report)
    assert "evaluate data/labeled/test.jsonl --record test" in text
    assert "background BERKAS --record KUNCI" in text


def test_three_hundred_decisions_count_as_the_field(tmp_path: Path) -> None:
    path = tmp_path / "keputusan.jsonl"
    rows = ['{"decision": "confirm"}'] * 200 + ['{"decision": "dismiss"}'] * 99
    path.write_text("\n".join([*rows, '{"decision": "needs_info"}']))
    counted = read_decisions(path)
    assert counted == {"confirm": 200, "dismiss": 99}
    report = analyst_view(METRICS, decisions=counted)
    assert "belum diuji di lapangan: 299 dari 300" in workload_text(report)
    more = analyst_view(METRICS, decisions={"confirm": 200, "dismiss": 100})
    text = workload_text(more)
    assert "belum diuji" not in text
    assert "67 dari 100 dikonfirmasi" in text


def test_a_bad_decision_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "keputusan.jsonl"
    path.write_text('{"decision": "confirm"}\n{"gold": 1}\n')
    with pytest.raises(DatasetError, match="baris 2"):
        read_decisions(path)


@pytest.mark.parametrize(
    ("value", "shown"), [(1_000, "1.000"), (12.4, "12"), (3.33, "3,3"), (0.033, "0,033"), (0, "0")]
)
def test_numbers_a_person_reads(value: float, shown: str) -> None:
    assert number(value) == shown
