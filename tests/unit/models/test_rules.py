"""Where the law is clear: pensioners, spouses, applicants are not ASN; village heads are others."""

import pytest

from models.author.gate import AsnGate
from models.author.rules import RuleVerdict, apply_rules
from models.post import parse_post

GATE = AsnGate()


def verdict(text: str = "selamat pagi", **author: str) -> RuleVerdict:
    item = {"id": "1", "platform": "x", "text": text, "author": author}
    return apply_rules(GATE.examine(parse_post(item)))


@pytest.mark.parametrize(
    "bio",
    [
        "Pensiunan PNS",
        "istri PNS, ibu dua anak",
        "pejuang CPNS 2024",
        "guru honorer SDN 3",
        "belum p3k",
        "guru swasta, bukan pegawai negeri",
        "Eks Kabid",
        "Honorer | Dinas Pendidikan",
    ],
)
def test_sign_is_taken_away(bio: str) -> None:
    assert not verdict(bio=bio).signs


@pytest.mark.parametrize(
    "bio",
    ["Guru SDN 3, istri seorang petani", "Bidan PTT dulu, PNS sekarang", "PNS. Anak pensiunan TNI"],
)
def test_sign_of_another_clause_stands(bio: str) -> None:
    found = verdict(bio=bio)
    assert found.signs
    assert not found.other_official


@pytest.mark.parametrize("bio", ["Kepala Desa Sukamaju", "Babinsa Koramil 05", "anggota Polri"])
def test_other_official_is_named_and_not_asn(bio: str) -> None:
    found = verdict(bio=bio)
    assert found.other_official
    assert not found.signs


def test_spouse_in_the_text() -> None:
    assert not verdict("suamiku PNS, jadi dia diam. Aku mah bebas").signs
