"""Promotion copies and registers what passes the gates, and changes nothing otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest

from models import registry
from models.errors import ArtifactDamaged
from tests.unit.training.test_gates import metrics
from training.__main__ import main
from training.errors import PromotionRefused
from training.export import write_manifest
from training.promote import promote


def artifact(source: Path, version: int, measured: dict[str, Any]) -> str:
    folder = source / "uji" / str(version)
    folder.mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps(measured))
    write_manifest(folder, {"name": "uji", "version": version, "description": ""})
    return f"uji@{version}"


def test_the_first_one_becomes_active(tmp_path: Path) -> None:
    first = artifact(tmp_path / "source", 1, metrics())
    root = tmp_path / "root"
    root.mkdir()
    notes = promote(first, tmp_path / "source", root)
    assert registry.active_version(root) == first
    registry.verify(first, root=root)
    assert any("belum ada model aktif" in note for note in notes)


def test_a_worse_one_is_refused_and_nothing_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    root.mkdir()
    promote(artifact(source, 1, metrics()), source, root)
    before = (root / registry.REGISTRY).read_bytes()
    worse = metrics()
    worse["test"]["decisions"]["told"] = "1" * 30 + "0" * 70
    second = artifact(source, 2, worse)
    with pytest.raises(PromotionRefused, match="tidak lebih buruk"):
        promote(second, source, root)
    assert main(["promote", second, "--artifacts", str(source), "--root", str(root)]) == 1
    assert "uji@2 tidak ditetapkan" in capsys.readouterr().err
    assert (root / registry.REGISTRY).read_bytes() == before
    assert not (root / registry.ARTIFACTS / "uji" / "2").exists()


def test_an_equal_one_takes_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    root.mkdir()
    promote(artifact(source, 1, metrics()), source, root)
    second = artifact(source, 2, metrics())
    assert main(["promote", second, "--artifacts", str(source), "--root", str(root)]) == 0
    assert "uji@2 aktif" in capsys.readouterr().out
    assert registry.active_version(root) == second


def test_there_is_no_way_around_the_gates(tmp_path: Path) -> None:
    reference = artifact(tmp_path / "source", 1, {})
    where = ["--artifacts", str(tmp_path / "source"), "--root", str(tmp_path)]
    for way in ("--force", "--yes", "--skip-gates"):
        with pytest.raises(SystemExit):
            main(["promote", reference, *where, way])
    assert not (tmp_path / registry.REGISTRY).exists()


def test_a_damaged_artifact_is_refused(tmp_path: Path) -> None:
    reference = artifact(tmp_path / "source", 1, metrics())
    (tmp_path / "source" / "uji" / "1" / "metrics.json").write_text("{}")
    with pytest.raises(ArtifactDamaged):
        promote(reference, tmp_path / "source", tmp_path)
