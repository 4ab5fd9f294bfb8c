"""Two readings become one: the informative one is believed, none is turned round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.encoder.stack import Stack
from models.linear import Floats
from training.stacking import fit_stack


def _readings(seed: int, n: int = 150) -> tuple[Floats, Floats, list[int]]:
    """An informative reading, a random one, and the truth."""
    chance = np.random.default_rng(seed)
    gold = chance.integers(0, 3, n)
    telling = 3.0 * np.eye(3)[gold] + chance.normal(0, 1.0, (n, 3))
    return telling, chance.normal(0, 2.0, (n, 3)), [int(g) for g in gold]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_the_informative_reading_is_found_on_either_side(seed: int) -> None:
    telling, noise, gold = _readings(seed)
    ones = [1.0] * len(gold)
    as_encoder = fit_stack(telling, noise, gold, ones)
    as_linear = fit_stack(noise, telling, gold, ones)
    assert as_encoder.encoder > 3 * as_encoder.linear
    assert as_linear.linear > 3 * as_linear.encoder


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_a_reading_that_is_wrong_is_left_out_not_turned_round(seed: int) -> None:
    telling, _, gold = _readings(seed)
    stack = fit_stack(telling, -telling, gold, [1.0] * len(gold))
    assert stack.encoder > 0.0
    assert stack.linear == pytest.approx(0.0, abs=1e-6)
    assert min(stack.encoder, stack.linear) >= 0.0


def test_joined_posts_are_judged_better_than_by_either_reading() -> None:
    first, _, gold = _readings(1, 600)
    second = first[::-1] * 0 + 2.0 * np.eye(3)[gold]
    second = second + np.random.default_rng(9).normal(0, 1.0, second.shape)
    stack = fit_stack(first[:300], second[:300], gold[:300], [1.0] * 300)
    told = stack.probabilities(first[300:], second[300:]).argmax(1)
    right = float((told == gold[300:]).mean())
    for alone in (first, second):
        assert right > float((alone[300:].argmax(1) == gold[300:]).mean())


def test_posts_of_no_weight_are_not_fitted_on() -> None:
    telling, noise, gold = _readings(4, 100)
    wrong = [(label + 1) % 3 for label in gold]
    kept = fit_stack(telling, noise, gold, [1.0] * 100)
    both = fit_stack(
        np.vstack([telling, telling]),
        np.vstack([noise, noise]),
        gold + wrong,
        [1.0] * 100 + [0.0] * 100,
    )
    assert both.encoder == pytest.approx(kept.encoder, rel=0.02)


def test_a_constant_added_to_a_reading_changes_nothing() -> None:
    telling, noise, _ = _readings(2)
    stack = Stack(0.8, 0.3, (0.1, 0.0, -0.2))
    told = stack.probabilities(telling, noise)
    assert np.allclose(told, stack.probabilities(telling + 7.0, noise - 3.0))
    assert np.allclose(told.sum(axis=1), 1.0)


def test_a_stack_survives_being_written() -> None:
    stack = Stack(0.8, 0.3, (0.1, 0.0, -0.2))
    assert Stack.from_dict(stack.to_dict(), 3) == stack


@pytest.mark.parametrize(
    "data",
    [
        {"encoder": 1.0, "linear": 1.0, "shift": [0.0, 0.0]},
        {"encoder": 1.0, "linear": 1.0, "shift": [0.0, 0.0, 0.0, 0.0]},
        {"encoder": 1.0, "linear": 1.0, "shift": None},
        {"encoder": 1.0, "linear": 1.0},
        {"encoder": "banyak", "linear": 1.0, "shift": [0.0, 0.0, 0.0]},
        {"encoder": None, "linear": 1.0, "shift": [0.0, 0.0, 0.0]},
        {"linear": 1.0, "shift": [0.0, 0.0, 0.0]},
        [],
        None,
    ],
)
def test_another_shape_is_refused(data: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Stack.from_dict(data, 3)  # type: ignore[arg-type]
