"""Reasons are the words that carry the judgement: told against a model whose weights are known."""

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain import MOST_TRIALS, reasons, word_losses
from models.labels import Platform, Stance
from models.linear import Floats
from models.normalize import fold_text
from models.post import Post
from models.removal import text_of, without, words

MakePost = Callable[..., Post]


class AdditiveModel:
    """Log-odds of support are a bias and a weight for each word; `asked` are the batch sizes."""

    def __init__(self, weights: dict[str, float], bias: float = -1.0) -> None:
        self._weights, self._bias = weights, bias
        self.asked: list[int] = []

    def probabilities(self, posts: Sequence[Post], /) -> Floats:
        self.asked.append(len(posts))
        rows = []
        for post in posts:
            said = re.findall(r"\w+", fold_text(f"{post.text} {post.media_alt} {post.reply_to}"))
            odds = self._bias + sum(self._weights.get(word, 0.0) for word in said)
            support = 1 / (1 + math.exp(-odds))
            rows.append((support, 0.0, 1 - support))
        return np.array(rows)


def told(post: Post, model: AdditiveModel) -> list[tuple[str, float]]:
    return [
        (text_of(post, r.field)[r.start : r.end], r.weight)
        for r in reasons(post, Stance.SUPPORT, model)
    ]


def test_the_words_that_carry_weight_are_named_in_order(make_post: MakePost) -> None:
    model = AdditiveModel({"coblos": 3.0, "jaya": 1.0, "pagi": 0.05, "hujan": -2.0})
    found = told(make_post("pagi ini hujan, coblos dia ya, jaya selalu"), model)
    assert [word for word, _ in found] == ["coblos", "jaya"]
    assert [weight for _, weight in found] == pytest.approx([math.tanh(1.5), math.tanh(0.5)])


def test_neighbours_are_one_reason_and_add_up(make_post: MakePost) -> None:
    model = AdditiveModel({"jangan": 1.0, "lupa": 1.0, "coblos": 2.0})
    ((words_, weight),) = told(make_post("besok jangan lupa coblos!"), model)
    assert words_ == "jangan lupa coblos"
    assert weight == pytest.approx(math.tanh(2.0))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dukung Ridwan Kamil selalu", "Ridwan Kamil"),
        ("foto bersama Bapak H. Lalu Wirajaya kemarin", "Bapak H. Lalu Wirajaya"),
        ("ingat nomor 2 ya", "nomor 2"),
        ("pilih nomor urut 3 besok", "nomor urut 3"),
        ("tetap IQBAL-DINDA di hati", "IQBAL-DINDA"),
    ],
)
def test_names_and_numbers_stay_whole(make_post: MakePost, text: str, name: str) -> None:
    assert name in [text[start:end] for _, start, end in words(make_post(text))]


def test_sentences_do_not_make_a_name(make_post: MakePost) -> None:
    text = "Kami pilih Anies. Prabowo juga baik. Dukung Ganjar"
    found = [text[start:end] for _, start, end in words(make_post(text))]
    assert {"Anies", "Prabowo", "Dukung", "Ganjar"} <= set(found)


def test_a_word_said_twice_shares_its_weight(make_post: MakePost) -> None:
    class Saturated(AdditiveModel):
        def probabilities(self, posts: Sequence[Post], /) -> Floats:
            """Once says as much as twice: taking out one of two changes nothing."""
            self.asked.append(len(posts))
            support = np.array([0.9 if "menang" in fold_text(p.text) else 0.2 for p in posts])
            return np.stack([support, 0 * support, 1 - support], axis=1)

    found = told(make_post("menang hari ini, besok tetap Menang"), Saturated({}))
    assert [word for word, _ in found] == ["menang", "Menang"]
    assert found[0][1] == found[1][1] > 0.5


def test_caption_and_answered_text_are_reasons_of_their_own(make_post: MakePost) -> None:
    post = Post(
        id="1",
        platform=Platform.X,
        text="njih bulik",
        media_alt="papan bergambar jempol",
        reply_to="gubernure milih sopo? aku bingung",
    )
    model = AdditiveModel({"jempol": 2.0, "milih": 1.0})
    found = reasons(post, Stance.SUPPORT, model)
    assert [(r.field, text_of(post, r.field)[r.start : r.end]) for r in found] == [
        ("media_alt", "jempol"),
        ("reply_to", "gubernure milih sopo"),
    ]


def test_the_other_stance_is_explained_by_its_own_column(make_post: MakePost) -> None:
    class Opposing(AdditiveModel):
        def probabilities(self, posts: Sequence[Post], /) -> Floats:
            return super().probabilities(posts)[:, [1, 0, 2]]

    found = reasons(make_post("tolak dia"), Stance.OPPOSE, Opposing({"tolak": 2.0}))
    assert [(r.start, r.end) for r in found] == [(0, 5)]


@pytest.mark.parametrize("length", [1, 5, 30, 31, 60, 160, 161, 1_000, 3_000])
def test_trials_are_bounded_and_the_word_is_found(make_post: MakePost, length: int) -> None:
    filler = [f"kata{number}" + ("," if number % 7 == 0 else "") for number in range(length - 1)]
    place = length * 2 // 3
    text = " ".join([*filler[:place], "coblos", *filler[place:]])
    model = AdditiveModel({"coblos": 4.0})
    found = told(make_post(text[:20_000]), model)
    assert "coblos" in found[0][0]
    assert len(found[0][0].split()) <= max(1, length // 100)
    assert sum(model.asked) <= MOST_TRIALS
    assert len(model.asked) <= 3


def test_a_long_post_keeps_most_of_the_weight_of_asking_about_every_word(
    make_post: MakePost,
) -> None:
    random = np.random.default_rng(3)
    weights = {f"kata{n}": float(w) for n, w in enumerate(random.exponential(0.4, 90))}
    post = make_post(" ".join(f"{word}{',' * (n % 6 == 5)}" for n, word in enumerate(weights)))
    model = AdditiveModel(weights, bias=1.0 - sum(weights.values()))
    losses = sorted(loss for _, loss in word_losses(post, Stance.SUPPORT, model))
    best = sorted(weights.values())
    assert sum(losses[-10:]) > 0.6 * sum(best[-10:])
    assert sum(losses[-10:]) > 2 * 10 * np.mean(best)


@pytest.mark.parametrize(
    "text",
    ["#dukung02 " * 2_000, "x" * 20_000, "a\u0301" * 9_000, '"' * 9_999 + "a", "😂" * 9_000],
    ids=lambda text: text[:8],
)
def test_hostile_posts_are_asked_about_as_little(make_post: MakePost, text: str) -> None:
    model = AdditiveModel({"dukung02": 0.01})
    for reason in reasons(make_post(text), Stance.SUPPORT, model):
        assert 0 <= reason.start < reason.end <= len(text)
    assert sum(model.asked) <= MOST_TRIALS


def test_a_post_without_words_has_no_reasons(make_post: MakePost) -> None:
    assert reasons(make_post("?!... --"), Stance.SUPPORT, AdditiveModel({})) == ()


def test_where_no_word_stands_out_the_weightiest_is_named(make_post: MakePost) -> None:
    found = told(make_post("satu dua tiga"), AdditiveModel({"dua": 0.02}))
    assert [word for word, _ in found] == ["dua"]


@given(
    st.text("aB 1.,!?#@\n😂\u0301\u200b-'\"é", max_size=60),
    st.text("aB 1.,\n", max_size=20),
    st.text("aB ?,", max_size=30),
)
def test_places_lie_in_their_fields_and_nothing_else_is_taken_out(
    text: str, caption: str, answered: str
) -> None:
    post = Post(id="1", platform=Platform.X, text=text, media_alt=caption, reply_to=answered)
    spans = words(post)
    for field, start, end in spans:
        told = text_of(post, field)[start:end]
        assert told
        assert told == told.strip()
    left = without(post, spans)
    for field in ("text", "media_alt", "reply_to"):
        assert not re.search(r"\w", text_of(left, field).replace("_", ""))
    assert without(post, ()) is post
