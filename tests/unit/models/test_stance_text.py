"""What the stance model reads: names hidden, disguises undone, stems by Sastrawi."""

import time
import tomllib
from importlib import resources

import pytest

from models.stance.cues import cue_features
from models.stance.mask import Entities, masked_text
from models.stance.stemming import stem, worth_stemming

ENTITIES = Entities.from_dict(
    tomllib.loads(resources.files("models.stance").joinpath("entities.toml").read_text("utf-8"))
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("coblos 01 ya", "coblos 03 ya"),
        ("dukung Prabowo", "dukung Anies"),
        ("#prabowo2024 menang", "#ganjar2024 menang"),
        ("pilih PDIP", "pilih Golkar"),
        ("salam dua jari", "salam tiga jari"),
        ("hidup ✌️", "hidup ☝️"),
        ("Pak Heroe menang di Bandung", "Pak Wawan menang di Medan"),
        ("Karna-Koko menang", "Eman-Dena menang"),
        ("bu Airin hebat", "pak Andra hebat"),
    ],
)
def test_swapping_who_is_meant_changes_nothing(one: str, other: str) -> None:
    assert masked_text(one, ENTITIES).split() == masked_text(other, ENTITIES).split()


@pytest.mark.parametrize(
    "disguise",
    ["c0bl0s", "c o b l o s", "COBLOS", "cobloooos", "\uff43\uff4f\uff42\uff4c\uff4f\uff53"],
)
def test_disguises_read_as_the_word(disguise: str) -> None:
    assert "coblos" in masked_text(f"ayo {disguise} bersama", ENTITIES).split()


def test_handles_and_links_are_gone() -> None:
    masked = masked_text("RT @budi_01 lihat https://contoh.id/a?b=1 email a.b@c.go.id", ENTITIES)
    assert "budi" not in masked
    assert "contoh" not in masked
    assert {"xakun", "xtautan", "xsurel"} <= set(masked.split())


def test_without_names_nothing_is_masked_by_chance() -> None:
    assert "dukung prabowo" in masked_text("dukung prabowo", Entities.from_dict({}))


def test_two_terms_are_no_ballot_number() -> None:
    assert "duaperiode" in masked_text("lanjut 2 periode", ENTITIES)


@pytest.mark.parametrize(
    ("word", "root"), [("memenangkan", "menang"), ("dukungannya", "dukung"), ("pilihan", "pilih")]
)
def test_stems(word: str, root: str) -> None:
    assert stem(word) == root


@pytest.mark.parametrize("word", ["wkwkwkwk", "aaaakkk", "gub", "prabowogibranmenangsatuputaran"])
def test_noise_is_not_given_to_the_stemmer(word: str) -> None:
    assert not worth_stemming(word)
    assert stem(word) == word


def test_stemming_slang_is_quick() -> None:
    started = time.perf_counter()
    for i in range(300):
        stem(f"diboongin{'abcdefgh'[i % 8]}{'klmnprst'[i // 8 % 8]}an")
    assert time.perf_counter() - started < 2.0


def test_cues_know_a_call_to_vote_in_several_languages() -> None:
    for words in ("coblos xangka", "cucuak xangka", "nyoblos xangka"):
        assert "vote" in cue_features(words)
    assert "not vote" in cue_features("ojo milih xcalon")
