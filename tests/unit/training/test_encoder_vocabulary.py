"""The cut vocabulary: marks stay whole, nothing the posts need is lost, nothing raises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from models.encoder.rendering import MARKS, render
from tests.encoder_builders import ENTITIES, WORDS, make_text_post, tiny_backbone, tiny_pieces
from training.encoder.vocabulary import (
    SPECIAL,
    Vocabulary,
    build_tokenizer,
    cut_vocabulary,
    share_unknown,
)

POSTS = (
    "Ayo coblos nomor 2, menangkan Prabowo!",
    "Rapat sekolah di Bandung. Jangan lupa upacara",
    "Tolak Golkar dan PKS, kita tidak dukung",
)
OTHERS = [(f"\u2581asing{chr(97 + i)}{chr(97 + j)}", -9.0) for i in range(20) for j in range(20)]
UNKNOWN = SPECIAL.index("<unk>")


def _texts() -> list[str]:
    return [render(make_text_post(text), ENTITIES) for text in POSTS]


@pytest.fixture(scope="module")
def cut() -> Vocabulary:
    # The tiny alphabet lists its likeliest pieces first, as the backbone does.
    return cut_vocabulary(tiny_backbone([*tiny_pieces(), *OTHERS]), _texts(), WORDS, 120)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_one_piece_wherever_it_stands(cut: Vocabulary, mark: str) -> None:
    number = cut.tokenizer.token_to_id(mark)
    assert number is not None
    for text in (mark, f"ayo {mark} menang", f"ayo {mark}", f"{mark}menang", f"{mark} {mark}"):
        ids = cut.tokenizer.encode(text).ids
        assert ids.count(number) == text.count(mark)
        assert UNKNOWN not in ids


def test_pieces_are_cut_to_size_and_every_piece_has_its_embedding(cut: Vocabulary) -> None:
    assert cut.tokenizer.get_vocab_size() == 120 + len(MARKS) == len(cut.embeddings)
    backbone = tiny_backbone([*tiny_pieces(), *OTHERS])
    rows = {piece: row for row, (piece, _) in enumerate(backbone.pieces)}
    table = backbone.weights["embeddings.word_embeddings.weight"]
    for piece, number in cut.tokenizer.get_vocab().items():
        if piece not in MARKS:
            assert np.array_equal(cut.embeddings[number], table[rows[piece]]), piece


def test_special_pieces_keep_their_places(cut: Vocabulary) -> None:
    assert [cut.tokenizer.token_to_id(piece) for piece in SPECIAL] == [0, 1, 2, 3]
    ids = cut.tokenizer.encode("ayo menang").ids
    assert (ids[0], ids[-1]) == (0, 2)


def test_training_texts_need_no_unknown_piece(cut: Vocabulary) -> None:
    assert share_unknown(cut.tokenizer, [*_texts(), *WORDS]) == 0.0


def test_cutting_changes_no_reading_of_the_training_texts(cut: Vocabulary) -> None:
    full = build_tokenizer([*tiny_pieces(), *OTHERS], MARKS)
    for text in _texts():
        assert cut.tokenizer.encode(text).tokens == full.encode(text).tokens


def test_unknown_share_counts_foreign_letters(cut: Vocabulary) -> None:
    share = share_unknown(cut.tokenizer, ["ayo menang", "\u4f60\u597d"])
    assert 0.0 < share < 1.0
    assert share_unknown(cut.tokenizer, []) == 0.0


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=80))
def test_any_text_is_read_and_bytes_keep_the_tokenizer(cut: Vocabulary, text: str) -> None:
    again = Tokenizer.from_buffer(cut.tokenizer.to_str().encode())
    first, second = cut.tokenizer.encode(text), again.encode(text)
    assert first.ids == second.ids
    assert max(first.ids) < len(cut.embeddings)


def test_a_script_outside_the_alphabet_is_unknown_not_an_error(cut: Vocabulary) -> None:
    ids = cut.tokenizer.encode("\ua98f\ua9b6 \u4f60\u597d").ids
    assert UNKNOWN in ids


def test_marks_start_from_the_words_they_mean(cut: Vocabulary) -> None:
    table = tiny_backbone([*tiny_pieces(), *OTHERS])
    words = table.weights["embeddings.word_embeddings.weight"]
    rows = {piece: row for row, (piece, _) in enumerate(table.pieces)}
    religion = np.mean([words[rows[c]] for c in ("\u2581", *"agama")], axis=0)
    number = cut.tokenizer.token_to_id("<agama>")
    assert np.allclose(cut.embeddings[number], religion, atol=1e-6)
    first, second = (cut.tokenizer.token_to_id(m) for m in ("<calon1>", "<calon2>"))
    assert np.array_equal(cut.embeddings[first], cut.embeddings[second])
