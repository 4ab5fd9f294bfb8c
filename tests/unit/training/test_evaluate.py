"""What `evaluate` reports beside precision and recall: calibration, stages, failures, baselines."""

import pytest

from tests.unit.training.examples import make_example, make_judged
from training.baseline import compare_baselines, keyword_stance
from training.evaluate import Judged, measure
from training.intervals import difference, exact, interval_of_difference, recall, wilson
from training.reliability import equal_mass_error, equal_width_error, reliability
from training.stage_loss import failures, lost_at, stage_losses


@pytest.fixture
def judged() -> list[Judged]:
    """Four violations, one kept and one lost at each stage, and two harmless posts."""

    def violation(**told: object) -> Judged:
        example = make_example(stance="support", asn="explicit", group="violation")
        return make_judged(example, **told)  # type: ignore[arg-type]

    neutral = make_example(asn="explicit", group="asn_neutral")
    return [
        violation(p_partisan=0.9, asn="explicit", risk=0.9),
        violation(passed_gate=False, ungated=0.9),
        violation(asn="none"),
        violation(p_partisan=0.2, asn="explicit", risk=0.2),
        violation(p_partisan=0.2, ungated=0.8, asn="likely", risk=0.3),
        make_judged(neutral, p_partisan=0.7, asn="explicit", risk=0.6),
        make_judged(make_example(group="other"), passed_gate=False),
    ]


def test_every_lost_violation_is_told_by_stage(judged: list[Judged]) -> None:
    stages = [None, "gate", "author", "stance", "screen", None, None]
    assert [lost_at(item) for item in judged] == stages
    losses = stage_losses(judged)
    assert (losses["gold_flags"], losses["flagged"], losses["wrong_flags"]) == (5, 1, 1)
    assert {name: item["posts"] for name, item in losses["lost"].items()} == dict.fromkeys(
        ("gate", "author", "screen", "stance"), 1
    )
    assert losses["recall_after_gate"]["value"] == 0.25
    assert losses["passed_gate_not_gold"] == 1


def test_failures_are_ids_and_scores_without_text(judged: list[Judged]) -> None:
    found = failures(judged)
    assert {row["id"] for row in found} == {item.example.post.id for item in judged[1:6]}
    kinds = [row["kind"] for row in found]
    assert (kinds.count("missed_flag"), kinds.count("wrong_flag")) == (4, 1)
    wrong = next(row for row in found if row["kind"] == "wrong_flag")
    assert wrong["gold"] == {"stance": "none", "flag": False, "asn": "explicit"}
    assert wrong["told"] == {"stance": "support", "flag": True, "asn": "explicit"}
    assert (wrong["risk"], wrong["scores"]["support"]) == (0.6, 0.7)
    assert not any("Selamat pagi" in str(row) for row in found)


def test_measure_brings_all_sections(judged: list[Judged]) -> None:
    metrics = measure(judged)
    assert metrics["decisions"] == {"gold": "1111100", "told": "1000010"}
    assert metrics["failure_kinds"]["wrong"] == {"stance, asn_neutral": 1}
    assert metrics["failure_kinds"]["missed"]["gate, plain"] == 1
    calibration = metrics["calibration"]
    assert calibration["posts_with_risk"] == 4
    assert calibration["prevalence"] == pytest.approx(5 / 7, abs=1e-4)
    assert calibration["prevalence_with_risk"] == 0.75


def test_calibration_error_by_hand() -> None:
    import numpy as np

    risk = np.array([0.05, 0.05, 0.95, 0.95])
    truth = np.array([False, False, True, False])
    # Two bins of two posts: gaps 0.05 and 0.45.
    assert equal_width_error(risk, truth) == pytest.approx(0.25)
    assert equal_mass_error(risk, truth, bins=2) == pytest.approx(0.25)
    # In one bin of all four posts: mean risk 0.5 against a quarter true.
    assert equal_mass_error(risk, truth, bins=1) == pytest.approx(0.25)
    figures = reliability([(0.1, False), (0.9, True)], posts=4, confirmed=1)
    assert figures["ece_equal_width"]["value"] == 0.1
    assert figures["brier"] == 0.01
    assert figures["bands"][0] == {"posts": 1, "risk": 0.1, "share": 0.0}
    assert figures["prevalence"] == 0.25


def test_no_risk_no_calibration() -> None:
    figures = reliability([], posts=3, confirmed=0)
    assert figures["ece_equal_mass"] == {"value": None, "low": None, "high": None}
    assert figures["bands"] == figures["points"] == []


def test_wilson_and_exact_bounds() -> None:
    assert wilson(0, 0) == {"value": None, "low": None, "high": None}
    assert wilson(5, 10) == {"value": 0.5, "low": 0.2366, "high": 0.7634}
    assert wilson(5, 10, comparisons=10)["low"] < 0.2366  # type: ignore[operator]
    low, high = exact(10, 10)
    assert low == pytest.approx(0.025 ** (1 / 10))
    assert high == 1.0


def test_difference_of_two_shares() -> None:
    # Newcombe 1998, table II, method 10: 56/70 against 48/80.
    found = difference((56, 70), (48, 80))
    assert (found["value"], found["low"], found["high"]) == (0.2, 0.0524, 0.3339)
    assert difference((1, 2), (0, 0))["value"] is None


def test_paired_difference_needs_fewer_posts_than_two_intervals() -> None:
    import numpy as np

    gold = np.ones(200, dtype=bool)
    first = np.arange(200) >= 20
    second = np.arange(200) >= 30
    found = interval_of_difference(gold, first, second, recall)
    assert found["value"] == 0.05
    assert found["low"] is not None and found["low"] > 0


def test_baselines_beside_the_model() -> None:
    support = [make_example(f"ayo coblos jagoan kita {n % 3}", stance="support") for n in range(6)]
    oppose = [make_example(f"jangan pilih orang itu {n % 3}", stance="oppose") for n in range(6)]
    none = [make_example(f"hari ini hujan deras {n % 3}") for n in range(9)]
    train = [*support, *oppose, *none]
    shown = make_example("ayo coblos dia", stance="support", asn="explicit")
    hidden = make_example("jangan pilih dia", stance="oppose", asn="explicit")
    told = [
        make_judged(shown, asn="explicit", risk=0.5),
        make_judged(hidden, asn="none"),
        make_judged(make_example("hujan deras"), asn="explicit", risk=0.1),
    ]
    seen: list[str] = []

    def embed(texts: object) -> list[list[float]]:
        seen.extend(str(text) for text in texts)  # type: ignore[attr-defined]
        return [[float("coblos" in t), float("jangan" in t)] for t in texts]  # type: ignore[attr-defined]

    rows = compare_baselines(train, told, embed=embed)["rows"]
    assert set(rows) == {"majority", "keywords", "tfidf", "tfidf_stems", "frozen_encoder"}
    assert rows["majority"]["stance_macro_f1"]["value"] == pytest.approx(0.1667, abs=1e-4)
    for name in ("keywords", "tfidf", "tfidf_stems", "frozen_encoder"):
        assert rows[name]["stance_macro_f1"]["value"] == 1.0, name
    # The flag takes the ASN judgement of the model: one of two violations.
    assert rows["tfidf"]["flag"]["recall"]["value"] == 0.5
    assert rows["tfidf"]["flag"]["precision"]["value"] == 1.0
    assert "hujan deras" in seen
    assert "frozen_encoder" not in compare_baselines(train, told)["rows"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Jangan pilih dia", "oppose"),
        ("AYO COBLOS!", "support"),
        ("memilihkan baju", "none"),
        ("hujan", "none"),
    ],
)
def test_keywords(text: str, stance: str) -> None:
    assert keyword_stance(make_example(text)) == stance
