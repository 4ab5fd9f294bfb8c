"""Intervals, thresholds and calibration."""

import numpy as np
import pytest

from models.linear import LinearClassifier, softmax
from models.risk import RiskModel
from training.calibrate import best_threshold, calibrated, fit_risk
from training.intervals import several, yes_no


def test_yes_no_figures() -> None:
    figures = yes_no([True, True, False, False], [True, False, True, False])
    for name in ("precision", "recall", "f1"):
        assert figures[name]["value"] == 0.5
        assert figures[name]["low"] <= 0.5 <= figures[name]["high"]
    assert yes_no([], [])["f1"] == {"value": None, "low": None, "high": None}


def test_macro_f1_counts_every_class_alike() -> None:
    figures = several(["a"] * 9 + ["b"], ["a"] * 10)
    assert figures["macro_f1"]["value"] == pytest.approx((18 / 19) / 2, abs=1e-4)


def test_dear_misses_lower_the_threshold() -> None:
    random = np.random.default_rng(0)
    truth = random.random(2000) < 0.5
    scores = np.clip(random.normal(0.5 + 0.15 * truth, 0.15), 0, 1)
    dear_miss = best_threshold(scores, truth.tolist(), missed=5, wrong=1)
    dear_wrong = best_threshold(scores, truth.tolist(), missed=1, wrong=5)
    assert dear_miss < dear_wrong


def test_calibration_undoes_overconfidence() -> None:
    random = np.random.default_rng(1)
    true_scores = random.normal(0, 1, (3000, 2))
    labels = [("a", "b")[int(random.random() < row[1])] for row in softmax(true_scores)]
    empty = LinearClassifier(("a", "b"), (), np.zeros((2, 0)), *(np.zeros(2) for _ in range(3)))
    found = calibrated(empty, true_scores * 4, labels, [1.0] * 3000)
    assert found.slope[0] == pytest.approx(0.25, abs=0.05)


def test_risk_grows_with_both_scores() -> None:
    random = np.random.default_rng(2)
    asn, partisan = random.random(500), random.random(500)
    model = fit_risk(asn, partisan, (asn * partisan > 0.3).tolist())
    assert model.risk(0.9, 0.9) > model.risk(0.9, 0.3)
    assert model.risk(0.9, 0.9) >= model.risk(0.3, 0.9)
    assert 0 < model.risk(0.0, 0.0) < model.risk(1.0, 1.0) < 1
    assert RiskModel.from_dict(model.to_dict()) == model
