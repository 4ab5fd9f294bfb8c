"""What the encoder reads: everything that is said, nothing of who is meant or who says it."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.encoder.rendering import MARKS, render
from models.post import Author, Post
from tests.encoder_builders import ENTITIES, ENTITY_DATA, make_text_post


def names_of(kind: str) -> "st.SearchStrategy[str]":
    # Longer than a word said three times over: "ppp" has a test of its own kind of reading.
    names = [name for name in ENTITY_DATA[kind]["names"] if name != "ppp"]
    return st.sampled_from(names)


TEMPLATES = st.sampled_from(
    [
        "ayo dukung {} besok di tps",
        "{} itu pilihan kita",
        "jangan pilih {}, kata siapa?",
        "kemarin rapat\ndengan {}!",
        "sudah #{} belum",
    ]
)
numbers = st.sampled_from(["1", "2", "3", "01", "02", "03", "4", "satu", "dua", "tiga", "siji"])


def read(text: str, **changes: Any) -> str:
    return render(make_text_post(text, **changes), ENTITIES)


@pytest.mark.parametrize(
    "kind", ["candidate", "party", "place", "religion", "thanks", "greeting", "title"]
)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_swapping_a_known_word_changes_nothing(kind: str, data: st.DataObject) -> None:
    one, other = data.draw(names_of(kind)), data.draw(names_of(kind))
    template = data.draw(TEMPLATES)
    assert read(template.format(one)) == read(template.format(other))


@settings(deadline=None, max_examples=30)
@given(one=numbers, other=numbers)
def test_swapping_a_ballot_number_changes_nothing(one: str, other: str) -> None:
    assert read(f"coblos nomor {one} ya") == read(f"coblos nomor {other} ya")


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_swapping_two_rivals_at_once_changes_nothing(data: st.DataObject) -> None:
    names = st.lists(names_of("candidate"), min_size=2, max_size=2, unique=True)
    (one, two), (three, four) = data.draw(names), data.draw(names)
    text = "pilih {0}, jangan {1}; {0} pasti menang"
    assert read(text.format(one, two)) == read(text.format(three, four))


@pytest.mark.parametrize(("kind", "mark"), [("candidate", "calon"), ("party", "partai")])
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_the_same_name_is_the_same_mark_and_another_is_another(
    kind: str, mark: str, data: st.DataObject
) -> None:
    names = st.lists(names_of(kind), min_size=2, max_size=2, unique=True)
    one, two = data.draw(names)
    words = read(f"{one} lawan {two}, hidup {one}").replace(",", " ").split()
    assert [w for w in words if w.startswith("<")] == [f"<{mark}1>", f"<{mark}2>", f"<{mark}1>"]


def test_a_number_is_one_however_it_is_written() -> None:
    words = read("nomor 2 nomor 02 nomor dua nomor loro bukan 1").split()
    assert words.count("<nomor1>") == 4
    assert words[-1] == "<nomor2>"


def test_marks_are_numbered_as_they_appear_across_fields() -> None:
    rendered = read("golkar menang", media_alt="pks dan golkar", reply_to="nasdem?")
    told = rendered.replace("?", " ").split()
    assert [w for w in told if w.startswith("<partai")] == [
        "<partai1>",
        "<partai2>",
        "<partai1>",
        "<partai3>",
    ]


def test_more_rivals_than_marks_share_the_last_one() -> None:
    rendered = read("golkar, pks, nasdem, pkb, psi, hanura")
    assert rendered.count("<partai4>") == 3
    assert "<partai5>" not in rendered


def test_forty_names_do_not_run_out_of_letters() -> None:
    names = list(dict.fromkeys(ENTITY_DATA["candidate"]["names"]))[:40]
    assert read(", ".join(names)).count("<calon4>") == 37


def test_text_caption_and_replied_to_are_read_in_this_order() -> None:
    rendered = read("isi tulisan", media_alt="isi gambar", reply_to="isi asal")
    assert rendered == "isi tulisan <foto> isi gambar <balas> isi asal"
    assert read("", media_alt="isi gambar") == "<foto> isi gambar"
    assert read("isi tulisan") == "isi tulisan"


def test_handles_links_and_addresses_are_marks() -> None:
    rendered = read("lihat https://contoh.id/a?b=1 @budi_01 tulis ke a.b@c.go.id total 1.500")
    assert rendered == "lihat <tautan> <akun> tulis ke <surel> total <jumlah>"


words = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


@settings(deadline=None, max_examples=40)
@given(handle=words, name=words, bio=words, location=words)
def test_the_author_moves_nothing(handle: str, name: str, bio: str, location: str) -> None:
    post = make_text_post("dukung nomor 2", media_alt="spanduk", reply_to="siapa?")
    other = replace(post, author=Author(handle, name, bio, location), has_author=True)
    assert render(other, ENTITIES) == render(post, ENTITIES)


@settings(deadline=None, max_examples=60)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=()), max_size=300),
    caption=st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
)
def test_no_text_raises_and_the_result_is_clean(text: str, caption: str) -> None:
    post = replace(make_text_post("x"), text=text, media_alt=caption, reply_to=caption)
    rendered = render(post, ENTITIES)
    rendered.encode("utf-8")  # no unpaired surrogate is left
    assert rendered == " ".join(rendered.split())


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x07\x1b", "\ud800", "\udfff\ud83d", "\u202e\u200b", "9" * 20_000]
)
def test_odd_texts_are_read(text: str) -> None:
    post = replace(make_text_post("x"), text=text)
    assert render(post, ENTITIES) in ("", "<jumlah>")


def _seconds(post: Post) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        render(post, ENTITIES)
        best = min(best, time.perf_counter() - started)
    return best


@pytest.mark.parametrize(
    "unit", ["#tagar ", "a", "9", "a1", "A-", "Pak Budi-", "@", "x.", "satu", "! ", "\u0301"]
)
def test_ten_times_the_text_costs_no_more_than_its_share(unit: str) -> None:
    def post(times: int) -> Post:
        text = unit * times
        return replace(make_text_post("x"), text=text, media_alt=text, reply_to=text)

    small, large = 20_000 // len(unit), 200_000 // len(unit)
    assert _seconds(post(large)) < 12 * _seconds(post(small)) + 0.05


def test_a_mark_is_written_one_way() -> None:
    assert len(set(MARKS)) == len(MARKS)
    text = (
        "Prabowo, golkar, nomor 2 di Bandung, kata ustadz, alhamdulillah, assalamualaikum, pak "
        "@akun x.id a@b.id 1.500 \u270c"
    )
    words = read(text, media_alt="m", reply_to="r").replace(",", " ").split()
    told = {word for word in words if word.startswith("<")}
    assert told == {mark for mark in MARKS if mark[-2] not in "234"}
