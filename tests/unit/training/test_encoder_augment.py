"""Disturbed copies: other words, the same answer."""

import random
import re
import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.encoder.rendering import MARKS
from training.encoder.augment import AugmentPlan, augmented

ALL = AugmentPlan(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
SLANG: dict[str, list[str]] = tomllib.loads(
    resources.files("training.encoder").joinpath("augment.toml").read_text("utf-8")
)["slang"]
NEGATIONS = ("tidak", "bukan", "jangan", "belum", "tak", "gak", "ora", "nggak")
# These become invented names; the others stay as they are.
REWRITTEN = re.compile(r"<(?:calon[1-4]|partai[1-4]|tempat|agama)>")
texts = st.lists(
    st.sampled_from(
        [*MARKS, *NEGATIONS, "coblos", "rapat", "dukung", "sekolah", "\U0001f600", ","]
    ),
    max_size=20,
).map(" ".join)


@settings(deadline=None)
@given(text=texts, seed=st.integers(0, 10_000))
def test_no_mark_is_broken(text: str, seed: int) -> None:
    told = augmented(text, random.Random(seed), ALL)
    kept = [m for m in re.findall(r"<\w+>", text) if not REWRITTEN.fullmatch(m)]
    assert re.findall(r"<\w+>", told) == kept
    assert told.count("<") == told.count(">") == len(kept)


@settings(deadline=None)
@given(text=texts, seed=st.integers(0, 10_000))
def test_with_the_plan_of_training_marks_are_whole_or_rewritten(text: str, seed: int) -> None:
    told = augmented(text, random.Random(seed))
    assert set(re.findall(r"<[^ ]*", told)) <= set(MARKS)


def _one_slip_apart(word: str, told: str) -> bool:
    """Whether one letter was dropped, doubled, or two neighbours were swapped."""
    slips = {word}
    for i in range(len(word)):
        slips |= {word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]}
        slips.add(word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :])
    return told in slips


@pytest.mark.parametrize("negation", NEGATIONS)
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 100_000))
def test_a_negation_never_vanishes(negation: str, seed: int) -> None:
    told = augmented(f"kami {negation} dukung <calon1>", random.Random(seed), ALL).split()
    assert any(
        _one_slip_apart(form, word)
        for form in (negation, *SLANG.get(negation, ()))
        for word in told[1:2]
    ), told


def test_no_slang_turns_a_word_into_its_opposite() -> None:
    negations = {form for word in NEGATIONS for form in (word, *SLANG.get(word, ()))}
    for word, forms in SLANG.items():
        if word not in NEGATIONS:
            assert not negations & set(forms), word


@settings(deadline=None)
@given(text=texts, seed=st.integers(0, 10_000))
def test_the_same_seed_gives_the_same_text(text: str, seed: int) -> None:
    assert augmented(text, random.Random(seed)) == augmented(text, random.Random(seed))


def test_other_seeds_give_other_texts() -> None:
    text = "saya tidak dukung <calon1> karena sudah banyak janji \U0001f600"
    assert len({augmented(text, random.Random(seed)) for seed in range(50)}) > 10


@settings(deadline=None)
@given(text=texts, seed=st.integers(0, 1_000))
def test_a_plan_without_chances_changes_nothing(text: str, seed: int) -> None:
    nothing = AugmentPlan(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert augmented(text, random.Random(seed), nothing) == text


@settings(deadline=None)
@given(seed=st.integers(0, 10_000))
def test_one_person_keeps_one_invented_name(seed: int) -> None:
    plan = AugmentPlan(1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    told = augmented(
        "<calon1> | <calon2> | <calon1> | <partai1> | <partai1>", random.Random(seed), plan
    )
    first, _, again, party, party_again = told.split(" | ")
    assert (first, party) == (again, party_again)
    assert first != party
