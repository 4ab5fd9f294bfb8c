"""The sample source does its work as a demonstration: most of what it plants comes up."""

import json
from importlib.resources import files
from pathlib import Path

from models import registry
from models.post import parse_post

GOLD = Path(__file__).resolve().parents[1] / "assets" / "sample_gold.jsonl"


def test_the_sample_shows_what_it_is_meant_to_show() -> None:
    lines = files("monitor.collectors.sample").joinpath("posts.jsonl").read_bytes().splitlines()
    posts = [parse_post(json.loads(line)) for line in lines]
    gold = {row["id"]: row["gold"] for row in map(json.loads, GOLD.read_text("utf-8").splitlines())}
    assert len(posts) == len(gold) >= 120
    predictions = registry.load().predict(posts)
    planted = [p.flag for p in predictions if gold[p.id]["flag"]]
    others = [p.flag for p in predictions if not gold[p.id]["flag"]]
    assert sum(planted) >= 0.75 * len(planted)
    assert sum(others) <= 0.3 * len(others)


def test_the_sample_accuses_no_account_that_exists() -> None:
    lines = files("monitor.collectors.sample").joinpath("posts.jsonl").read_bytes().splitlines()
    for post in (parse_post(json.loads(line)) for line in lines):
        assert post.id.startswith("contoh-")
        assert not post.url or post.url.startswith("https://contoh.example/")
