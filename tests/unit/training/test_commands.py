"""The commands, from fit to promote, on a small data set."""

import json
import sys
from pathlib import Path

import pytest

from models import registry
from training.__main__ import main

DATA = Path(__file__).parents[3] / "data" / "labeled"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("training")
    data = base / "data"
    data.mkdir()
    for name in ("train", "dev", "test"):
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::15]
        (data / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fit = ["fit", "--data", str(data), "--out", str(base / "artifacts"), "--name", "uji"]
    assert main(fit) == 0
    return base


def test_fit_evaluate_measure_promote(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--model", "uji@1", "--artifacts", str(folder / "artifacts")]
    test = str(folder / "data" / "test.jsonl")
    target = folder / "installed"
    target.mkdir()
    promote = ["promote", "uji@1", "--artifacts", str(folder / "artifacts"), "--root", str(target)]
    assert main(promote) == 1
    assert not list(target.iterdir())
    assert main(["evaluate", test, *where, "--out", str(folder / "result")]) == 0
    metrics = json.loads((folder / "result" / "metrics.json").read_text())
    assert {"flag", "asn", "stance", "by_group", "by_language"} <= metrics.keys()
    assert main(["evaluate", test, *where, "--record", "test"]) == 0
    assert main(["fairness", test, *where, "--record", "fairness"]) == 0
    assert main(["robustness", test, *where, "--record", "robustness"]) == 0
    card = registry.artifact_card("uji@1", root=folder)
    assert "Ringkasan" in card
    assert str(folder) not in card
    capsys.readouterr()
    outcome = main(promote)
    if outcome == 0:
        assert registry.active_version(target) == "uji@1"
        registry.verify("uji@1", root=target)
    else:
        assert "di bawah" in capsys.readouterr().err


def test_calibrate_alone_keeps_the_weights(folder: Path) -> None:
    part = folder / "artifacts" / "uji" / "1" / "stance.json"
    before = part.read_bytes()
    where = ["--model", "uji@1", "--artifacts", str(folder / "artifacts")]
    assert main(["calibrate", *where, "--data", str(folder / "data")]) == 0
    assert part.read_bytes() == before
    registry.verify("uji@1", root=folder)


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["evaluate", "x.jsonl", "--model", "tiada@1", "--artifacts", str(tmp_path)]) == 2


def test_without_the_train_extra_only_the_check_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "datasketch", None)
    for name in [name for name in sys.modules if name.startswith("training.data_check.")]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["check-data", str(DATA)]) == 2
    assert "datasketch tidak terpasang" in capsys.readouterr().err
