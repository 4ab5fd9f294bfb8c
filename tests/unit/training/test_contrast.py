"""Contrast groups and the learning curve: a group is right only as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.labels import AsnLabel, Stance
from models.post import parse_post
from training.__main__ import main
from training.contrast import groups_moved, groups_right, is_contrast
from training.dataset import Example, Gold
from training.learning_curve import learning_curve


def example(number: int, text: str, stance: str, **meta: Any) -> Example:
    post = parse_post({"id": f"p{number}", "platform": "x", "text": text})
    return Example(post, Gold(Stance(stance), AsnLabel.NONE), meta)


def variant(pair: str, number: int, axis: str) -> Example:
    return example(number, pair, "none", pair=pair, variant=number, axis=axis)


def test_one_wrong_variant_spoils_its_group() -> None:
    examples = [variant("a", n, "stance") for n in range(2)]
    examples += [variant("b", n, "stance") for n in range(2)]
    told = groups_right(examples, [0, 1, 0, 1], [0, 0, 0, 1])
    assert (told["groups"], told["value"]) == (2, 0.5)
    assert told["low"] <= 0.5 <= told["high"]


def test_one_answer_for_all_gets_no_group_right() -> None:
    examples = [variant(pair, n, "stance") for pair in "abc" for n in range(2)]
    gold = [0, 1, 1, 0, 0, 0]
    assert groups_right(examples, gold, [0] * 6)["value"] == 0
    assert groups_right(examples, gold, gold)["groups"] == 2, "the third group does not move"
    assert groups_right(examples[4:], gold[4:], [0, 0])["value"] is None


def test_a_group_moves_when_any_answer_differs() -> None:
    examples = [
        *(variant("b", n, "party") for n in range(3)),
        *(variant("c", n, "gender") for n in range(2)),
    ]
    told = groups_moved(examples, [True, True, False, True, True])
    assert (told["groups"], told["value"]) == (2, 0.5)


def test_a_file_is_contrast_when_every_post_has_a_pair() -> None:
    assert is_contrast([variant("a", 0, "stance")])
    assert not is_contrast([variant("a", 0, "stance"), example(1, "a", "none")])
    assert not is_contrast([])


SAID = {"support": "ayo menangkan dia", "oppose": "jangan pilih dia", "none": "antre di pasar"}


def many(first: int, count: int) -> list[Example]:
    names = list(SAID)
    return [
        example(n, f"{SAID[names[n % 3]]} pagi {n}", names[n % 3])
        for n in range(first, first + count)
    ]


def test_the_curve_grows_from_parts_to_the_whole() -> None:
    rows = learning_curve(many(0, 300), many(1_000, 30), {"test": many(2_000, 30)})
    sizes = [(row["written_posts"], row["real_posts"]) for row in rows]
    assert sizes == [(250, 0), (300, 0), (0, 30), (250, 30), (300, 30)]
    assert [row["draws"] for row in rows] == [3, 1, 1, 3, 1]
    assert rows[1]["test"]["value"] == 1.0
    assert rows[1]["test"]["low"] is not None


def test_the_middle_of_three_draws_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    values = iter([0.1, 0.9, 0.2, 0.5, 0.5])
    monkeypatch.setattr(
        "training.learning_curve._scores", lambda *_: {"test": {"value": next(values)}}
    )
    rows = learning_curve(many(0, 300), [], {"test": many(2_000, 3)})
    assert rows[0]["test"]["value"] == 0.2


def test_the_command_writes_figures_and_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def save(name: str, examples: list[Example]) -> None:
        rows = [
            {
                "id": e.post.id,
                "platform": "x",
                "text": e.post.text,
                "gold": {"stance": e.gold.stance.value},
                "meta": e.meta,
            }
            for e in examples
        ]
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))

    save("train.jsonl", many(0, 60))
    save("test.jsonl", many(100, 30))
    pair = [example(n, SAID[s], s, pair="p", axis="stance") for n, s in enumerate(SAID)]
    save("contrast.jsonl", pair)
    arguments = ["learning-curve", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert "tulisan 60, nyata 0: test 1.000, contrast 1.000" in capsys.readouterr().out
    (row,) = json.loads((tmp_path / "out" / "learning_curve.json").read_text())
    assert row["contrast"]["groups"] == 1
    assert (tmp_path / "out" / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_an_empty_file_to_measure_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "train.jsonl").write_text("")
    (tmp_path / "test.jsonl").write_text("")
    assert main(["learning-curve", "--data", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "test: tidak ada unggahan" in capsys.readouterr().err


def test_nothing_to_train_on_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {"id": "a", "platform": "x", "text": "halo", "gold": {"stance": "none"}}
    for name in ("train", "test"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(line))
    assert main(["learning-curve", "--data", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "sedikitnya dua sikap" in capsys.readouterr().err
