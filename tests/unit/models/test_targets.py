"""Whom a post names: ambiguous names, numbers by region and date, local names, speed."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.labels import Platform
from models.post import Author, Post
from models.registry import load
from models.stance.mask import Entities
from models.targets import Gazetteer
from training.dataset import read_examples

from .conftest import DATA

CONTEST_2019 = {"contest_from": date(2018, 1, 1), "contest_until": date(2019, 6, 30)}
PRESIDENT = {"contest_from": date(2023, 1, 1), "contest_until": date(2024, 3, 20)}
LOCAL = {"contest_from": date(2024, 4, 17), "contest_until": date(2024, 12, 16)}
DATA_OF_ALL: dict[str, Any] = {
    "party": [
        {"name": "Partai Amanat Nasional", "ambiguous": ["PAN"]},
        {"name": "Partai Gelora", "in_context": ["Gelora"], "beside": ["caleg", "coblos"]},
        {"name": "Partai Keadilan Sejahtera", "aliases": ["PKS"], "valid_from": date(2022, 12, 14)},
        {"name": "Partai Rakyat", "aliases": ["Rakyatku"], "valid_until": date(2019, 1, 1)},
    ],
    "candidate": [
        {
            "name": "Susilo Bambang Yudhoyono",
            "in_context": ["SBY"],
            "beside": ["demokrat", "cikeas"],
        }
    ],
    "pair": [
        {"head": "Joko Widodo", "deputy": "Ma'ruf Amin", "number": 1, **CONTEST_2019},
        {
            "head": "Anies Baswedan",
            "deputy": "Muhaimin Iskandar",
            "number": 1,
            "aliases": ["Anies", "Cak Imin"],
            "in_context": ["AMIN"],
            "beside": ["relawan", "paslon"],
            "hashtags": ["#AMINajaDulu"],
            **PRESIDENT,
        },
        {"head": "Ahmad Luthfi", "deputy": "Taj Yasin", "number": 2, "region": "33", **LOCAL},
        {"head": "Budi Hartono", "deputy": "Surya Negara", "number": 2, "region": "33.14", **LOCAL},
        {"head": "Budi Prakoso", "deputy": "Wulan Sari", "number": 1, "region": "32.73", **LOCAL},
        {"head": "Suwardi", "deputy": "Nasrul", "number": 3, "region": "11.05", **LOCAL},
    ],
    "region": {
        "33": ["Jawa Tengah", "jateng"],
        "33.14": ["Kabupaten Sragen"],
        "32.73": ["Kota Bandung"],
        "32.04": ["Kabupaten Bandung"],
        "35.07": ["Kabupaten Malang"],
    },
    "ordinary_region": ["malang"],
}
ALL = Gazetteer.from_dict(DATA_OF_ALL)


def post(text: str, *, region: str = "", location: str = "", day: date | None = None) -> Post:
    moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC) if day else None
    return Post("1", Platform.X, text, Author(location=location), region=region, posted_at=moment)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("hidup PAN", ("PAN",)),
        ("Pan anti lengket, pan teflon", ()),
        ("gelora semangat di stadion Gelora", ()),
        ("coblos Gelora", ("Gelora",)),
        ("macet di SBY", ()),
        ("SBY dukung Demokrat", ("SBY",)),
        ("semoga lulus, AMIN", ()),
        ("relawan AMIN merapat", ("AMIN",)),
        ("AMIN, kata Anies", ("AMIN", "Anies")),
        ("AMIN 01 menang", ("AMIN", "01")),
        ("#AMINajaDulu", ("AMINajaDulu",)),
        ("AMINajaDulu", ()),
        ("#MenangBersamaAnies2024", ("MenangBersamaAnies2024",)),
        ("terAniesaya", ()),
        ("Anies \u2013 Muhaimin Iskandar", ("Anies \u2013 Muhaimin Iskandar",)),
        ("Anies, PKS", ("Anies", "PKS")),
        ("kiai Ma\u2019ruf Amin", ("Ma\u2019ruf Amin",)),
        ("P\u200bKS", ("P\u200bKS",)),
        ("antre di TPS 02, RT 03, jam 07", ()),
    ],
)
def test_names_as_written(text: str, targets: tuple[str, ...]) -> None:
    assert ALL.targets(post(text)) == targets


@pytest.mark.parametrize(
    ("text", "where", "targets"),
    [
        ("selamat untuk Budi", {}, ()),
        ("selamat untuk Budi", {"region": "33.14"}, ("Budi",)),
        ("selamat untuk Budi", {"region": "33.14.05"}, ("Budi",)),
        ("selamat untuk Budi", {"location": "Sragen, Jawa Tengah"}, ("Budi",)),
        ("selamat untuk Budi", {"location": "Jawa Tengah"}, ()),
        ("selamat untuk Budi dari warga Sragen", {}, ("Budi",)),
        ("budi pekerti warga Sragen", {}, ()),
        ("Budi Hartono hadir", {}, ("Budi Hartono",)),
        ("02 Budi", {}, ("02", "Budi")),
        ("03 Budi", {}, ("03",)),
        ("budi/surya jaya", {}, ("budi/surya",)),
        ("#budisurya menang", {}, ("budisurya",)),
        ("Budi", {"region": "33.14", "day": date(2020, 5, 1)}, ()),
        ("Suwardi tetangga saya", {}, ()),
        ("Suwardi", {"region": "11.05"}, ("Suwardi",)),
        ("nasib malang, Budi", {}, ()),
    ],
)
def test_half_of_a_local_pair_needs_company(
    text: str, where: dict[str, Any], targets: tuple[str, ...]
) -> None:
    assert ALL.targets(post(text, **where)) == targets


@pytest.mark.parametrize(
    ("text", "where", "name"),
    [
        ("01", {"day": date(2019, 3, 1)}, "Joko Widodo - Ma'ruf Amin"),
        ("01", {"day": date(2024, 1, 15)}, "Anies Baswedan - Muhaimin Iskandar"),
        ("01", {}, ""),
        ("paslon 02", {"region": "33.14", "day": date(2024, 10, 1)}, ""),
        ("cagub 02", {"region": "33.14", "day": date(2024, 10, 1)}, "Ahmad Luthfi - Taj Yasin"),
        ("bupati 02", {"region": "33.14", "day": date(2024, 10, 1)}, "Budi Hartono - Surya Negara"),
        ("nomor dua", {"location": "Jateng", "day": date(2024, 10, 1)}, "Ahmad Luthfi - Taj Yasin"),
        ("no 1", {"location": "Bandung", "day": date(2024, 10, 1)}, "Budi Prakoso - Wulan Sari"),
        ("no 1", {"location": "Kab. Bandung", "day": date(2024, 10, 1)}, ""),
        ("paslon 02", {"day": date(2024, 10, 1)}, ""),
    ],
)
def test_what_a_number_means_is_decided_by_region_date_and_office(
    text: str, where: dict[str, Any], name: str
) -> None:
    (mention,) = ALL.mentions(post(text, **where))
    assert mention.name == name
    assert text[mention.start : mention.end] == mention.written


def test_a_name_in_the_post_decides_its_number() -> None:
    meant = {m.written: m.name for m in ALL.mentions(post("01, Anies"))}
    assert meant["01"] == meant["Anies"] == "Anies Baswedan - Muhaimin Iskandar"


def test_an_entry_counts_only_within_its_dates() -> None:
    assert ALL.targets(post("Rakyatku, PKS", day=date(2018, 6, 1))) == ("Rakyatku",)
    assert ALL.targets(post("Rakyatku, PKS", day=date(2023, 6, 1))) == ("PKS",)
    assert ALL.targets(post("Rakyatku, PKS")) == ("Rakyatku", "PKS")


def test_the_gazetteer_knows_better_than_the_artifact() -> None:
    entities = Entities.from_dict({"candidate": {"placeholder": "x", "names": ["sby", "megawati"]}})
    assert Gazetteer.empty().targets(post("macet di SBY"), entities) == ("SBY",)
    assert ALL.targets(post("macet di SBY"), entities) == ()
    assert ALL.targets(post("Megawati, SBY di Cikeas"), entities) == ("Megawati", "SBY")


@pytest.mark.parametrize("gate", [True, False])
def test_no_score_reads_the_gazetteer(gate: bool) -> None:
    posts = [example.post for example in read_examples(DATA / "dev.jsonl")[:80]]
    without = load(gazetteer=Gazetteer.empty()).predict(posts, gate=gate)
    names = [word for p in posts for word in p.text.split() if word.isalpha() and len(word) > 3]
    every_word = Gazetteer.from_dict({"candidate": [{"name": name} for name in sorted(set(names))]})
    with_names = load(gazetteer=every_word).predict(posts, gate=gate)
    assert [p.targets for p in without] != [p.targets for p in with_names]
    told = [[{**p.to_dict(), "targets": []} for p in side] for side in (without, with_names)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"#tagar{number}Anies" for number in range(10_000)),
        "#" + "budisurya" * 10_000,
        "Budi-Surya dan Budi 02 " * 4_000,
        "PKS AMIN " * 8_000,
    ],
    ids=["hashtags", "one hashtag", "halves", "names"],
)
def test_time_grows_with_the_length_and_no_faster(text: str) -> None:
    def seconds(length: int) -> float:
        short = post(text[:length])
        taken = []
        for _ in range(3):
            started = time.process_time()
            ALL.targets(short)
            taken.append(time.process_time() - started)
        return min(taken)

    # Eight times the text; a quadratic search would take 64 times as long.
    assert seconds(len(text)) < 24 * seconds(len(text) // 8) + 0.05


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"name": "A", "number": "2"}, "number"),
        ({"name": "Abc", "aliases": "PKS"}, "aliases"),
        ({"name": "Abc", "aliases": ["P"]}, "aliases"),
        ({"name": "Abc", "valid_from": "2024-01-01"}, "valid_from"),
        ({"deputy": 5}, "deputy"),
        ({}, "name"),
    ],
)
def test_a_broken_entry_names_its_field(entry: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Gazetteer.from_dict({"candidate": [entry]})


def test_ten_targets_are_enough(make_post: Callable[..., Post]) -> None:
    names = [{"name": f"Nama{letter}"} for letter in "abcdefghijklmnop"]
    gazetteer = Gazetteer.from_dict({"candidate": names})
    assert len(gazetteer.targets(make_post(" ".join(n["name"] for n in names)))) == 10
