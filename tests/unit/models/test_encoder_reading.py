"""How numbers, names and words are read that are easily taken for something else."""

import pytest

from models.encoder.rendering import render
from models.encoder.stack import Stack
from tests.encoder_builders import ENTITIES, make_text_post


def read(text: str, reply_to: str = "") -> str:
    return render(make_text_post(text, reply_to=reply_to), ENTITIES)


@pytest.mark.parametrize("after", [".", ",", "...", ", ya"])
def test_a_sign_after_a_number_makes_it_no_amount(after: str) -> None:
    assert "<nomor1>" in read(f"coblos 02{after}")


def test_every_party_is_masked() -> None:
    assert read("pilih PPP") == read("pilih PKS")


@pytest.mark.parametrize("name", ["Prabowo Subianto", "Anies Baswedan", "Khofifah Indar Parawansa"])
def test_a_full_name_is_one_mark(name: str) -> None:
    assert read(f"dukung {name} ya") == read("dukung Joko Widodo ya")


@pytest.mark.parametrize("word", ["JANGAN-JANGAN", "Undang-Undang", "EMAK-EMAK", "Mudah-Mudahan"])
def test_a_doubled_word_is_no_pair_of_candidates(word: str) -> None:
    assert "<calon" not in read(f"kata {word} begitu")


def test_the_cut_of_a_long_reply_does_not_depend_on_the_name() -> None:
    assert read("ya", f"dukung prabowo {'kata ' * 60}") == read(
        "ya", f"dukung anies {'kata ' * 60}"
    )


def test_a_short_name_in_a_hashtag_is_masked() -> None:
    assert read("#ahok2017") == read("#anies2017")


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_stack_of_impossible_weights_is_refused(weight: float) -> None:
    with pytest.raises(ValueError):
        Stack.from_dict({"encoder": weight, "linear": 1.0, "shift": [0, 0, 0]}, 3)
