"""Fitting is reproducible, and what is written is what was fitted."""

from pathlib import Path

import pytest

from models.registry import load
from training.dataset import Example, read_examples
from training.export import write_artifact
from training.fit import Fitted, fit

DATA = Path(__file__).parents[3] / "data" / "labeled"
FACTS = {"name": "uji", "version": 1, "description": "", "created": "2024-01-01T00:00:00+00:00"}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(DATA / "train.jsonl")[::12]


@pytest.fixture(scope="module")
def dev() -> list[Example]:
    return read_examples(DATA / "dev.jsonl")[::6]


@pytest.fixture(scope="module")
def fitted(examples: list[Example], dev: list[Example]) -> Fitted:
    return fit(examples, dev)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_same_data_same_bytes(
    fitted: Fitted, examples: list[Example], dev: list[Example], tmp_path: Path
) -> None:
    write_artifact(tmp_path / "a" / "uji" / "1", fitted, FACTS, metrics={})
    write_artifact(tmp_path / "b" / "uji" / "1", fit(examples, dev), FACTS, metrics={})
    assert _files(tmp_path / "a" / "uji" / "1") == _files(tmp_path / "b" / "uji" / "1")


def test_reloaded_model_gives_equal_predictions(
    fitted: Fitted, dev: list[Example], tmp_path: Path
) -> None:
    write_artifact(tmp_path / "artifacts" / "uji" / "1", fitted, FACTS, metrics={})
    posts = [e.post for e in dev]
    loaded = load("uji@1", root=tmp_path)
    assert loaded.predict(posts) == fitted.cascade("uji@1").predict(posts)
    assert loaded.predict(posts, gate=False) == fitted.cascade("uji@1").predict(posts, gate=False)


def test_real_posts_enter_only_where_frequent(examples: list[Example], dev: list[Example]) -> None:
    from dataclasses import replace

    base = replace(examples[0], real=True, meta={})
    rare = [
        replace(base, post=replace(base.post, id=f"r{i}", text=f"zzrahasia{i} kata"))
        for i in range(4)
    ]
    common = [
        replace(base, post=replace(base.post, id=f"c{i}", text="qqsering kata")) for i in range(5)
    ]
    words = fit(examples, dev, [*rare, *common]).stance.blocks[0].vocabulary
    assert "qqsering" in words
    assert not any("zzrahasia" in word for word in words)


def test_no_handle_or_link_in_a_vocabulary(fitted: Fitted) -> None:
    for classifier in (fitted.stance, fitted.acts):
        for block in classifier.blocks:
            assert not any("@" in f or "http" in f or "www" in f for f in block.vocabulary)
