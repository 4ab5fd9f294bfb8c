"""Reading, splitting, and the labelled data themselves."""

import json
from pathlib import Path

import pytest

from training.dataset import read_examples
from training.errors import DatasetError
from training.splits import hold_out, part_of

DATA = Path(__file__).parents[3] / "data" / "labeled"
GOOD = {
    "id": "a",
    "platform": "x",
    "text": "halo",
    "gold": {"stance": "support", "asn": "explicit", "flag": 1, "acts": ["OTHER"]},
}


def written(path: Path, *items: object) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "gold": {"stance": "maybe"}},
        {**GOOD, "gold": {"stance": "none", "asn": "perhaps"}},
        {**GOOD, "gold": {"stance": "none", "asn": "explicit", "flag": 1}},
        {**GOOD, "gold": {"stance": "support", "acts": ["DANCE"]}},
        {**GOOD, "platform": "friendster"},
        {"id": "a", "platform": "x", "text": "tanpa label"},
        GOOD,
        "kata saja",
    ],
)
def test_bad_line_is_named(tmp_path: Path, bad: object) -> None:
    with pytest.raises(DatasetError, match=r"x\.jsonl, line 2"):
        read_examples(written(tmp_path / "x.jsonl", GOOD, bad))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"x\.jsonl"):
        read_examples(tmp_path / "x.jsonl")


def test_split_depends_on_the_id_alone() -> None:
    examples = read_examples(DATA / "dev.jsonl")
    kept, out = hold_out(examples, 5)
    assert len(kept) + len(out) == len(examples)
    assert out
    again, _ = hold_out(list(reversed(examples)), 5)
    assert {e.post.id for e in again} == {e.post.id for e in kept}
    assert part_of("w1-001", 5) == part_of("w1-001", 5)
