"""The gate: who could be ASN, with exact places; everybody else leaves."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.author.gate import AsnGate
from models.post import Post, parse_post

GATE = AsnGate()
EVIL = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\x00\u200b\u202e\u200dİﬀ pnsASN.🇮🇩\n")),
    max_size=80,
)
DATA = Path(__file__).parents[3] / "data" / "labeled"


def post(text: str = "selamat pagi", media_alt: str = "", **author: str) -> Post:
    item: dict[str, object] = {"id": "1", "platform": "x", "text": text, "media_alt": media_alt}
    if author:
        item["author"] = author
    return parse_post(item)


@pytest.mark.parametrize(
    "shown",
    [
        post(bio="Guru SDN 3 Wonosari"),
        post(handle="bidanpns_ceria"),
        post(handle="gurusmpn2"),
        post(name="Camat Sukorejo"),
        post(bio="III/c otw III/d"),
        post(bio="P\u200bN\u200bS pemda"),
        post("saya PNS, jadi diam saja"),
        post("kami di puskesmas kami kompak"),
        post("PNS juga manusia"),
        post("SK turun!!! gaji pertama p3k meluncur"),
        post("foto bareng", "tiga orang memakai batik korpri"),
    ],
)
def test_a_sign_passes(shown: Post) -> None:
    assert GATE.passes(shown)
    assert GATE.find(shown)


@pytest.mark.parametrize(
    "other",
    [
        post("gaji PNS naik lagi tahun depan menurut menteri"),
        post("Bawaslu: oknum ASN dilaporkan karena kampanye"),
        post("jasnya bagus, kasian kameranya kuat"),
        post("coblos nomor 2 ya"),
        post("kasi tau dong tempat makan enak", bio="suka jalan-jalan"),
        post(location="Kec. Wage, Banyumas"),
        post("dua jari", media_alt="kucing tidur"),
    ],
)
def test_talk_about_others_leaves(other: Post) -> None:
    assert not GATE.passes(other)


@given(EVIL, EVIL, EVIL)
def test_offsets_are_those_of_the_field_as_received(text: str, bio: str, tail: str) -> None:
    shown = post(
        text if text.strip() else "x", bio=f"{bio} Guru SDN 3, PNS {tail}", handle="asn_kota"
    )
    fields = dict(shown.fields())
    found = GATE.find(shown)
    assert found
    for evidence in found:
        assert fields[evidence.field][evidence.start : evidence.end] == evidence.text
        assert evidence.text


def test_quick_and_close_look_agree() -> None:
    """`passes` may be faster than `examine`, never deafer."""
    for name in ("train.jsonl", "dev.jsonl"):
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            shown = parse_post(json.loads(line))
            assert GATE.passes(shown) == bool(GATE.examine(shown).signs), shown.id
