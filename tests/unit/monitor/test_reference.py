"""Stage and act give the code; a profile gives the region. Tables, not constants."""

from datetime import date

import pytest

from models.post import parse_post
from monitor.reference.contests import Stage, stage_of
from monitor.reference.regions import find_region, infer_region
from monitor.reference.skb import act_rule


@pytest.mark.parametrize(
    ("day", "contest", "stage"),
    [
        (date(2020, 1, 1), "", Stage.OUTSIDE),
        (date(2023, 11, 12), "Pemilu 2024", Stage.BEFORE_CANDIDATES),
        (date(2023, 11, 13), "Pemilu 2024", Stage.BEFORE_CAMPAIGN),
        (date(2023, 11, 28), "Pemilu 2024", Stage.CAMPAIGN),
        (date(2024, 2, 11), "Pemilu 2024", Stage.QUIET),
        (date(2024, 2, 14), "Pemilu 2024", Stage.VOTING),
        (date(2024, 2, 15), "Pemilu 2024", Stage.AFTER_VOTING),
        (date(2024, 9, 21), "Pilkada 2024", Stage.BEFORE_CANDIDATES),
        (date(2024, 9, 22), "Pilkada 2024", Stage.BEFORE_CAMPAIGN),
        (date(2024, 9, 25), "Pilkada 2024", Stage.CAMPAIGN),
        (date(2024, 11, 24), "Pilkada 2024", Stage.QUIET),
        (date(2024, 11, 27), "Pilkada 2024", Stage.VOTING),
        (date(2026, 11, 23), "", Stage.OUTSIDE),
    ],
)
def test_stage(day: date, contest: str, stage: Stage) -> None:
    found = stage_of("33.14", day)
    assert (found.contest, found.stage) == (contest, stage)


def test_the_same_act_has_another_code_by_stage() -> None:
    rule = act_rule("ONLINE_CAMPAIGN", date(2024, 9, 1))
    assert rule.code(Stage.BEFORE_CANDIDATES) == "KE-02"
    assert rule.code(Stage.CAMPAIGN) == "DS-02"
    assert rule.sanction(Stage.BEFORE_CANDIDATES) == "sanksi moral"
    assert rule.code(Stage.OUTSIDE) == "KE-02 / DS-02"


def test_an_act_that_the_decree_does_not_name_is_other() -> None:
    assert act_rule("BARU", date(2024, 9, 1)).act == "OTHER"


@pytest.mark.parametrize(
    ("author", "code"),
    [
        ({"location": "Sragen, Jawa Tengah"}, "33.14"),
        ({"location": "Kota Bandung"}, "32.73"),
        ({"location": "Kab. Bandung"}, "32.04"),
        ({"location": "Bandung"}, "32"),
        ({"location": "Aceh Selatan"}, "11.01"),
        ({"location": "Sumatera Barat"}, "13"),
        ({"location": "sulsel"}, "73"),
        ({"location": "Malang"}, "35"),
        ({"bio": "nasib malang hari ini"}, ""),
        ({"bio": "PNS Pemkab Pinrang"}, "73.15"),
        ({"bio": "Staf Pemkot Semarang"}, "33.74"),
        ({"bio": "Staf Pemkab Semarang"}, "33.22"),
        ({"location": "di hatimu"}, ""),
        ({}, ""),
    ],
)
def test_region_from_the_profile(author: dict[str, str], code: str) -> None:
    post = parse_post({"id": "a", "platform": "x", "text": "a", "author": author})
    assert infer_region(post) == code
    assert code == "" or find_region(code) is not None


def test_a_region_code_of_the_post_itself_goes_first_if_it_exists() -> None:
    author = {"location": "Sragen"}
    item = {"id": "a", "platform": "x", "text": "a", "author": author}
    assert infer_region(parse_post({**item, "region": "73.15"})) == "73.15"
    assert infer_region(parse_post({**item, "region": "99.99"})) == "33.14"
