"""Folding must never lose the way back to the characters as received."""

from hypothesis import given
from hypothesis import strategies as st

from models.normalize import fold, fold_text

EVIL = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\u200b\u200e\u202e\u200d\ufe0f\u0301\u0130\u0131\ufb00PNSpns 🇮🇩👨‍👩‍👧"
        ),
    ),
    max_size=60,
)


@given(EVIL)
def test_every_span_leads_back_into_the_original(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    for i in range(len(folded.text)):
        start, end = folded.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert fold_text(text[start:end]) == folded.text[i]


@given(EVIL, EVIL)
def test_a_word_is_found_where_it_stands(before: str, after: str) -> None:
    text = f"{before} sdn 3 {after}"
    folded = fold(text)
    place = folded.text.index(" sdn 3 ", max(0, len(fold_text(before)) - 1)) + 1
    start, end = folded.span(place, place + 5)
    assert text[start:end] == "sdn 3"


def test_disguises_become_plain_letters() -> None:
    assert fold_text("\uff30\uff2e\uff33") == "pns"  # full width
    assert fold_text("P\u200bN\u202eS") == "pns"  # invisible marks between
    assert fold_text("\u0420NS") == "pns"  # a Cyrillic letter
    assert fold_text("\U0001d5f0\U0001d5fc\U0001d5ef\U0001d5f9\U0001d5fc\U0001d600") == "coblos"
    assert fold_text("a\x00b\nc") == "a b c"
