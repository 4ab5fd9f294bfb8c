"""`fit` with an encoder, and what is done to such an artifact afterwards, from starting weights
of a few numbers."""

import json
from pathlib import Path

import pytest

from models import registry
from models.post import parse_post
from tests.encoder_builders import write_tiny_blocks
from training.__main__ import main

DATA = Path(__file__).parents[3] / "data" / "labeled"
ENCODER_FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("dengan-penyandi")
    (base / "data").mkdir()
    for name, step in (("train", 40), ("dev", 10)):
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::step]
        (base / "data" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_tiny_blocks(base / "awal.bin")
    assert main(fit_arguments(base)) == 0
    return base


def fit_arguments(base: Path) -> list[str]:
    return [
        *("fit", "--name", "cilik", "--epochs", "1", "--backbone", str(base / "awal.bin")),
        *("--data", str(base / "data"), "--out", str(base / "artifacts")),
        *("--work", str(base / "work")),
    ]


def folder(base: Path) -> Path:
    return base / "artifacts" / "cilik" / "1"


def read(base: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder(base) / name).read_text())
    return found


def test_the_artifact_loads_and_predicts(base: Path) -> None:
    cascade = registry.load("cilik@1", root=base, artifacts=base / "artifacts")
    assert cascade.stance.encoder is not None
    post = {"id": "1", "platform": "x", "text": "coblos 02!", "author": {"bio": "PNS Pemkot"}}
    told = cascade.predict([parse_post(post)])[0]
    assert told.stance is not None
    assert sum(told.stance.scores.values()) == pytest.approx(1.0)


def test_the_artifact_says_where_its_weights_come_from(base: Path) -> None:
    manifest = read(base, "manifest.json")
    backbone = manifest["backbone"]
    assert isinstance(backbone, dict)
    assert backbone["source"] == "awal.bin"
    assert backbone["licence"] != "MIT"
    assert str(manifest["command"]).endswith("--epochs 1 --backbone awal.bin")
    facts = read(base, "metrics.json")["fit"]
    assert isinstance(facts, dict)
    assert [entry["epoch"] for entry in facts["epochs"]] == [1.0]
    assert 0.0 <= facts["unknown_share"] <= 1.0


def test_the_same_command_gives_the_same_weights(base: Path) -> None:
    before = (folder(base) / "encoder.onnx").read_bytes()
    again = [*fit_arguments(base)[:-1], str(base / "another")]
    assert main(again) == 0
    assert (folder(base) / "encoder.onnx").read_bytes() == before


def test_calibrate_keeps_the_encoder(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (folder(base) / name).read_bytes() for name in ENCODER_FILES}
    arguments = ["--model", "cilik@1", "--artifacts", str(base / "artifacts")]
    assert main(["calibrate", *arguments, "--data", str(base / "data")]) == 0
    assert "cilik@1: ambang" in capsys.readouterr().out
    assert {name: (folder(base) / name).read_bytes() for name in ENCODER_FILES} == before
    assert "epochs" in read(base, "metrics.json")["fit"]  # type: ignore[operator]


def test_starting_weights_that_cannot_be_read_are_named(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = base / "rusak.bin"
    broken.write_bytes(b"bukan bobot")
    arguments = fit_arguments(base)
    arguments[arguments.index(str(base / "awal.bin"))] = str(broken)
    assert main(arguments) == 2
    assert "rusak.bin" in capsys.readouterr().err
