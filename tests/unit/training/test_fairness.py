"""Swaps that keep a label, what they do to a cascade that leans, and rates by group by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from models.cascade import Cascade
from models.post import Post
from models.prediction import Prediction
from tests.unit.training.examples import make_example, make_prediction
from training.counterfactual import AXES, swaps
from training.fairness import measure_fairness
from training.group_rates import rates_by_group
from training.mentions import SENSITIVE_FEATURES


def swapped(text: str, axis: str, **meta: Any) -> set[str]:
    made = swaps([make_example(text, **meta)])
    return {swap.swapped.text for swap in made if swap.axis == axis}


@pytest.mark.parametrize(
    ("axis", "text", "one"),
    [
        ("candidate", "Prabowo atau Anies?", "Anies atau Ganjar?"),
        ("candidate", "pilih prabowo", "pilih anies"),
        ("candidate", "Khofifah-Emil menang", "Risma-Hans menang"),
        ("number", "Coblos nomor urut 1 besok", "Coblos nomor urut 2 besok"),
        ("number", "tetap 02", "tetap 03"),
        ("number_word", "salam dua jari", "salam tiga jari"),
        ("number_word", "paslon siji", "paslon loro"),
        ("party", "kaos PKS", "kaos PKB"),
        ("party", "partai banteng kalah", "partai beringin kalah"),
        ("nickname", "bareng Cak Imin tadi", "bareng Kang Emil tadi"),
        ("region", "warga Jawa Timur", "warga Jawa Barat"),
        ("region", "PILGUB NTB", "PILGUB Jatim"),
        ("gender", "siap Bu Ratna", "siap Pak Ratna"),
        ("gender", "SUAMI saya", "ISTRI saya"),
        ("religion", "umat Islam di sini", "umat Kristen di sini"),
        ("religion", "rapat di masjid", "rapat di gereja"),
        ("hashtag", "#DukungGanjar2024", "#DukungJokowi2024"),
    ],
)
def test_a_swap_exchanges_words_of_a_kind(axis: str, text: str, one: str) -> None:
    assert one in swapped(text, axis)


@pytest.mark.parametrize(
    "text",
    [
        "lapor RT 01 RW 02",
        "guru SDN 03 Sragen Kulon 01/12",
        "pemilu satu putaran, dua periode",
        "antrean nomor 2 di loket",
        "nomor satu sedunia",
        "pura-pura tidur di ibu kota",
        "pura messu'",
        "teh manis dan emas 2 kg",
        "ikut jumatan di masjid",
        "pan gorengan, bali ka imah",
        "didemokrasikan",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert not swapped(text.replace("Sragen ", ""), "religion")
    for axis in ("number", "number_word", "gender", "party", "region"):
        assert not swapped(text.replace("Sragen ", ""), axis), axis


def test_a_party_is_no_region_and_half_a_name_no_candidate() -> None:
    assert not swapped("kader Partai Aceh", "region")
    assert all("Ahmad Luthfi" not in text for text in swapped("Ahmad Luthfi", "candidate"))
    assert not any(text.startswith("Ahmad ") for text in swapped("Ahmad Luthfi", "candidate"))


def test_local_names_give_way_to_invented_ones() -> None:
    texts = swapped("ayo Sutarjo-Wening, jangan lupa", "local_name", named=["Sutarjo-Wening"])
    assert "ayo Wiratmaja-Buton, jangan lupa" in texts
    texts = swapped("bareng Pak Sutarjo tadi", "local_name", named=["Pak Sutarjo"])
    assert "bareng Pak Hendriko tadi" in texts
    assert not swapped("bareng Pak Prabowo", "local_name", named=["Pak Prabowo", "nomor 1"])


def test_caption_and_reply_are_swapped_profile_is_not() -> None:
    example = make_example("ya", bio="PNS Jawa Timur")
    post = replace(example.post, media_alt="baliho Anies", reply_to="Anies menang?")
    (one, *_) = swaps([replace(example, post=post)])
    assert "Anies" not in one.swapped.media_alt + one.swapped.reply_to
    assert one.swapped.author == post.author
    assert one.original is post


@dataclass
class Leaning:
    """A cascade that flags whoever names Prabowo, and stops posts without "PNS"."""

    seen: list[int]

    stance = SimpleNamespace(threshold=0.5)

    def predict(
        self, posts: Sequence[Post], *, gate: bool = True, explain: bool = True
    ) -> list[Prediction]:
        self.seen.append(len(posts))
        found = []
        for post in posts:
            partisan = 0.9 if "Prabowo" in post.text else 0.3
            asn = "explicit" if "PNS" in post.author.bio else "none"
            mode = "on" if gate else "off"
            found.append(
                make_prediction(p_partisan=partisan, asn=asn, risk=partisan - 0.1, gate=mode)
            )
        return found


def test_a_leaning_cascade_is_caught() -> None:
    examples = [
        make_example("pilih Prabowo", stance="support", asn="explicit"),
        make_example("pilih Prabowo", stance="support", bio="petani"),
        make_example("hari ini hujan"),
    ]
    result = measure_fairness(cast(Cascade, Leaning([])), examples)
    overall = result["overall"]
    # Four other names for each of two posts, in each of which the score falls by 0.6.
    assert overall["swaps"] == result["candidate"]["swaps"] == 8
    assert overall["mean_change"] == overall["largest_change"] == 0.6
    assert overall["flips"] == 8
    # Through the cascade only the civil servant's post has a risk or a flag.
    assert overall["swaps_through_cascade"] == 8
    assert (overall["swaps_with_risk"], overall["risk_mean_change"]) == (4, 0.6)
    assert (overall["flags"], overall["flags_flipped"]) == (4, 4)
    assert overall["share_of_flags_flipped"]["value"] == 1.0
    assert result["party"] == {"swaps": 0}
    assert result["worst"][0]["id"] == examples[0].post.id
    assert result["worst"][0] | {"id": ""} == {
        "id": "",
        "axis": "candidate",
        "risk_change": 0.6,
        "change": 0.6,
        "flag_flipped": True,
    }
    assert set(result["by_group"]) == set(SENSITIVE_FEATURES)


def test_posts_without_authors_are_measured_for_stance_alone() -> None:
    example = make_example("pilih Prabowo", stance="support", asn=None, bio=None)
    result = measure_fairness(cast(Cascade, Leaning([])), [example])
    assert result["overall"]["flips"] == 4
    assert "flags" not in result["overall"]
    assert "by_group" not in result


def test_nothing_to_swap() -> None:
    result = measure_fairness(cast(Cascade, Leaning([])), [make_example("hari ini hujan")])
    assert result["overall"] == {"swaps": 0}


def test_rates_by_group_by_hand() -> None:
    def posts(lang: str, gold: bool, number: int) -> list[Any]:
        stance, asn = ("support", "explicit") if gold else ("none", "explicit")
        return [make_example(stance=stance, asn=asn, lang=lang) for _ in range(number)]

    examples = [
        *posts("id", True, 20),
        *posts("id", False, 30),
        *posts("jv", True, 10),
        *posts("jv", False, 40),
        *posts("su", True, 10),
    ]
    flagged = [True] * 18 + [False] * 2 + [True] * 3 + [False] * 27
    flagged += [True] * 6 + [False] * 4 + [True] * 2 + [False] * 38 + [False] * 10
    language = rates_by_group(examples, flagged)["language"]
    assert language["groups"]["id"]["posts"] == 50
    assert language["groups"]["id"]["selection_rate"]["value"] == 0.42
    assert language["groups"]["id"]["false_positive_rate"]["value"] == 0.1
    assert language["groups"]["id"]["false_negative_rate"]["value"] == 0.1
    assert language["groups"]["jv"]["true_positive_rate"]["value"] == 0.6
    gap = language["difference"]["true_positive_rate"]
    # `su` has no recall at all, but only ten posts: told, not compared.
    assert (gap["value"], gap["high_group"], gap["low_group"]) == (0.3, "id", "jv")
    assert gap["tries"] == [20, 10]
    assert gap["low"] < 0.3 < gap["high"]
    assert language["difference"]["selection_rate"]["value"] == 0.26


@pytest.mark.parametrize(
    ("feature", "text", "groups"),
    [
        ("party", "kaos PKS dan PDIP", ["PDIP", "PKS"]),
        ("party", "hari ini hujan", ["-"]),
        ("number", "coblos nomor 2", ["2"]),
        ("religion_mention", "acara di gereja", ["kristen"]),
        ("religion_mention", "masjid dan gereja", ["several"]),
        ("religion_mention", "cuma pura-pura", ["-"]),
        ("gender_mention", "siap Bu", ["perempuan"]),
        ("gender_mention", "macet di ibu kota", ["-"]),
        ("region", "apa saja", ["Jawa Timur"]),
        ("island", "apa saja", ["Jawa"]),
        ("name_group", "apa saja", ["madura"]),
    ],
)
def test_groups_a_post_belongs_to(feature: str, text: str, groups: list[str]) -> None:
    example = make_example(text, region="35.78", name_group="madura")
    assert SENSITIVE_FEATURES[feature](example) == groups


def test_every_kind_of_name_is_swapped() -> None:
    wanted = {"candidate", "party", "number", "number_word", "region", "religion", "gender"}
    assert wanted | {"hashtag", "nickname", "local_name"} == set(AXES)
