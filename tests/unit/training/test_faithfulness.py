"""Faithful reasons are told from unfaithful ones, against a model whose weights are known."""

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest

from models.cascade import Cascade
from models.explain import reasons
from models.labels import AsnLabel, Platform, Stance
from models.linear import Floats
from models.normalize import fold_text
from models.post import Post
from models.prediction import AsnJudgement, Prediction, Reason, StanceJudgement
from training.dataset import Example, Gold
from training.faithfulness import measure_faithfulness

WEIGHTS = {"coblos": 3.0, "jaya": 1.5}
TEXTS = [
    "besok jangan lupa coblos dia, kopi menyusul",
    "selalu jaya dan tetap coblos, hujan atau panas",
    "pagi ini rapat, sore jaya lagi",
]
Explains = Callable[[Post, "KnownModel"], tuple[Reason, ...]]


class KnownModel:
    """Log-odds of support are -1 and the weight of each word said."""

    def probabilities(self, posts: Sequence[Post], /) -> Floats:
        odds = np.array(
            [
                -1.0 + sum(WEIGHTS.get(w.strip(",."), 0.0) for w in fold_text(p.text).split())
                for p in posts
            ]
        )
        support = 1 / (1 + np.exp(-odds))
        return np.stack([support, 0 * support, 1 - support], axis=1)


class KnownCascade:
    """Flags every post but those that say "rapat koordinasi"."""

    def __init__(self, explains: Explains) -> None:
        self.stance = KnownModel()
        self._explains = explains

    def predict(self, posts: Sequence[Post]) -> list[Prediction]:
        return [self._predict(post) for post in posts]

    def _predict(self, post: Post) -> Prediction:
        flag = "koordinasi" not in post.text
        return Prediction(
            id=post.id,
            flag=flag,
            risk=0.9 if flag else 0.1,
            asn=AsnJudgement(AsnLabel.EXPLICIT, 0.99),
            stance=StanceJudgement(Stance.SUPPORT if flag else Stance.NONE, {}),
            acts=(),
            targets=(),
            reasons=self._explains(post, self.stance) if flag else (),
            counter=(),
            lang="id",
            model_version="uji@1",
        )


def truly(post: Post, model: KnownModel) -> tuple[Reason, ...]:
    return reasons(post, Stance.SUPPORT, model)


def first_word(post: Post, model: KnownModel) -> tuple[Reason, ...]:
    return (Reason("text", 0, post.text.index(" "), 0.9),)


def everything(post: Post, model: KnownModel) -> tuple[Reason, ...]:
    return (Reason("text", 0, len(post.text), 0.9),)


def measured(explains: Explains, *texts: str, **options: Any) -> dict[str, Any]:
    examples = [
        Example(Post(id=str(n), platform=Platform.X, text=text), Gold(Stance.SUPPORT))
        for n, text in enumerate(texts or TEXTS)
    ]
    return measure_faithfulness(cast(Cascade, KnownCascade(explains)), examples, **options)


def test_words_that_carry_the_judgement_cost_more_than_random_ones() -> None:
    found = measured(truly)
    assert found["posts"] == 3
    assert found["fall_reasons"]["value"] == pytest.approx((3.0 + 4.5 + 1.5) / 3, abs=1e-3)
    assert found["gain"]["low"] > 0
    assert found["share_ahead"]["value"] == 1.0
    assert 0 < found["share_of_words"] < 0.3


def test_words_that_carry_nothing_are_found_out() -> None:
    found = measured(first_word, draws=40)
    assert found["fall_reasons"]["value"] == 0.0
    assert found["gain"]["value"] < 0
    assert found["share_ahead"]["value"] == 0.0


def test_comprehensiveness_and_sufficiency_are_those_of_the_paper() -> None:
    found = measured(truly, TEXTS[0])
    whole, bare = 1 / (1 + math.exp(-2.0)), 1 / (1 + math.exp(1.0))
    assert found["comprehensiveness"]["value"] == pytest.approx(whole - bare, abs=1e-3)
    # With nothing but the reasons the judgement stays what it was.
    assert found["sufficiency"]["value"] == pytest.approx(0.0, abs=1e-3)
    assert measured(first_word, TEXTS[0])["sufficiency"]["value"] == pytest.approx(
        whole - bare, abs=1e-3
    )


def test_the_same_seed_gives_the_same_figures() -> None:
    assert measured(first_word, seed=3) == measured(first_word, seed=3)
    assert measured(first_word, seed=3, draws=1) != measured(first_word, seed=4, draws=1)


def test_posts_with_nothing_to_compare_are_counted_apart() -> None:
    found = measured(everything, TEXTS[0])
    assert (found["posts"], found["posts_all_reason"]) == (0, 1)
    assert found["gain"]["value"] is None


def test_only_flagged_posts_are_measured() -> None:
    assert measured(truly, "rapat koordinasi coblos")["posts"] == 0
    steps: list[str] = []
    measured(truly, progress=steps.append)
    assert steps == ["3/3"]
