"""The stream the speed is measured on: 3% pass the gate, every text distinct."""

import itertools
from types import SimpleNamespace
from typing import cast

import orjson
import pytest

from models.cascade import Cascade
from models.post import Post
from tests.unit.training.examples import make_example
from training.benchmark import measure_speed, stream_lines
from training.errors import DatasetError


def cascade() -> Cascade:
    gate = SimpleNamespace(passes=lambda post: "PNS" in post.author.bio)
    stance = SimpleNamespace(judge=lambda posts: [None for _ in posts])
    return cast(
        Cascade,
        SimpleNamespace(gate=gate, stance=stance, predict=lambda posts: [None] * len(posts)),
    )


def posts() -> list[Post]:
    return [make_example(f"unggahan {n}", bio="PNS" if n < 3 else "petani").post for n in range(9)]


def test_three_of_a_hundred_pass_and_no_text_comes_twice() -> None:
    lines = [orjson.loads(line) for line in stream_lines(cascade(), posts(), 990)]
    assert (
        len(lines) == len({line["text"] for line in lines}) == len({line["id"] for line in lines})
    )
    passing = [place for place, line in enumerate(lines) if line["author"]["bio"] == "PNS"]
    assert len(passing) == 30
    assert max(b - a for a, b in itertools.pairwise(passing)) == 33


def test_a_file_in_which_nothing_passes_is_refused() -> None:
    with pytest.raises(DatasetError, match="lolos gerbang"):
        stream_lines(cascade(), posts()[3:], 100)


def test_speeds_are_told_with_the_yardstick() -> None:
    speed = measure_speed(cascade(), posts(), size=330)
    assert speed["share_passing"] == pytest.approx(0.03, abs=0.002)
    assert speed["end_to_end_to_hashed_words"] == pytest.approx(
        speed["end_to_end_posts_a_second"] / speed["hashed_words_posts_a_second"], abs=0.001
    )
    # Reading JSON costs time: the gate alone must be the faster of the two.
    assert speed["gate_posts_a_second"] > speed["gate_with_reading_posts_a_second"] > 0
