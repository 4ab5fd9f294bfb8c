"""The commands, from fit to promote, on a small data set: their JSON, pictures and words."""

import json
import sys
from pathlib import Path

import pytest

from models import registry
from training.__main__ import main

DATA = Path(__file__).parents[3] / "data" / "labeled"
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("training")
    data = base / "data"
    data.mkdir()
    for name in ("train", "dev", "test"):
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::15]
        (data / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fit = ["fit", "--no-encoder", "--data", str(data), "--out", str(base / "artifacts")]
    assert main([*fit, "--name", "uji"]) == 0
    return base


@pytest.fixture
def where(folder: Path) -> list[str]:
    return ["--model", "uji@1", "--artifacts", str(folder / "artifacts")]


def recorded(folder: Path) -> dict[str, object]:
    path = folder / "artifacts" / "uji" / "1" / "metrics.json"
    found: dict[str, object] = json.loads(path.read_text())
    return found


def test_evaluate_writes_figures_failures_and_pictures(
    folder: Path, where: list[str], tmp_path: Path
) -> None:
    train, test = (str(folder / "data" / f"{name}.jsonl") for name in ("train", "test"))
    assert main(["evaluate", test, *where, "--out", str(tmp_path), "--baselines", train]) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    wanted = {"flag", "asn", "stance", "by_group", "by_language", "stages", "calibration", "file"}
    assert wanted <= metrics.keys()
    rows = metrics["baselines"]["rows"]
    assert {"majority", "keywords", "tfidf", "tfidf_stems"} <= rows.keys()
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert pictures == {
        "pr.png",
        "reliability.png",
        "confusion_stance.png",
        "confusion_asn.png",
        "slices.png",
    }
    assert all((tmp_path / name).read_bytes().startswith(PNG) for name in pictures)
    failures = json.loads((tmp_path / "failures.json").read_text())
    lines = [json.loads(line) for line in Path(test).read_text().splitlines()]
    assert {row["id"] for row in failures} <= {line["id"] for line in lines}
    texts = (tmp_path / "failures.json").read_text()
    assert not any(
        line["text"] and line["text"] in texts for line in lines if len(line["text"]) > 9
    )


def test_measure_record_show_promote(
    folder: Path, where: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test, out = str(folder / "data" / "test.jsonl"), ["--out", str(tmp_path)]
    target = tmp_path / "installed"
    target.mkdir()
    promote = ["promote", *where[1:], "--root", str(target)]
    assert main(promote) == 1
    assert not list(target.iterdir())
    assert main(["evaluate", test, *where, "--record", "test"]) == 0
    assert main(["fairness", test, *where, *out, "--record", "fairness"]) == 0
    assert main(["robustness", test, *where, *out, "--record", "robustness"]) == 0
    assert main(["background", test, *where, "--record", "nyata"]) == 0
    assert {"test", "fairness", "robustness", "background"} <= recorded(folder).keys()
    assert (tmp_path / "swaps.png").read_bytes().startswith(PNG)
    assert (tmp_path / "robustness.png").read_bytes().startswith(PNG)
    fairness = json.loads((tmp_path / "fairness.json").read_text())
    assert {"swaps", "mean_change", "largest_change", "flips"} <= fairness["overall"].keys()
    assert (folder / "artifacts" / "uji" / "1" / "pr.png").exists()
    capsys.readouterr()
    assert main(["card", *where]) == 0
    card = registry.artifact_card("uji@1", root=folder)
    assert capsys.readouterr().out.strip() == card.strip()
    assert "Ringkasan" in card
    assert "Kalibrasi risk" in card
    assert str(folder) not in card
    if main(promote) == 0:
        assert registry.active_version(target) == "uji@1"
        registry.verify("uji@1", root=target)
    else:
        assert "- [" in capsys.readouterr().err


def test_calibrate_keeps_the_weights_and_prints_the_day(
    folder: Path, where: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = folder / "artifacts" / "uji" / "1" / "stance.json"
    before = part.read_bytes()
    test = str(folder / "data" / "test.jsonl")
    calibrate = ["calibrate", *where, "--data", str(folder / "data"), "--out", str(tmp_path)]
    assert main(calibrate) == 0
    assert part.read_bytes() == before
    registry.verify("uji@1", root=folder)
    # What was measured with other thresholds is gone; the same calibration keeps what is new.
    assert "test" not in recorded(folder)
    assert main(["evaluate", test, *where, "--record", "test"]) == 0
    assert main(["background", test, *where, "--record", "nyata"]) == 0
    capsys.readouterr()
    assert main([*calibrate, "--volume", "3000"]) == 0
    shown = capsys.readouterr().out
    assert "belum diuji di lapangan" in shown
    assert "Untuk 3.000 unggahan lolos gerbang sehari" in shown
    assert "Perhatian" not in shown
    assert {"test", "background", "workload"} <= recorded(folder).keys()
    report = json.loads((tmp_path / "workload.json").read_text())
    assert [row["one_in"] for row in report["rows"]] == [300, 3_000, 30_000]
    assert main(["workload", *where, "--out", str(tmp_path), "--background", "tiada"]) == 2
    assert "tiada" in capsys.readouterr().err


def test_benchmark_measures_posts_process_and_memory(
    folder: Path, where: list[str], tmp_path: Path
) -> None:
    dev = str(folder / "data" / "test.jsonl")
    assert main(["benchmark", dev, *where, "--posts", "200", "--out", str(tmp_path)]) == 0
    speed = json.loads((tmp_path / "benchmark.json").read_text())
    assert speed["posts"] == 200
    assert speed["first_prediction_seconds"] > 0
    # A process that holds numpy and a model cannot fit into less.
    assert speed["peak_memory_mib"] > 30
    assert speed["stance_posts_a_second"] > 0


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
