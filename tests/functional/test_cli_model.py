"""`netra model`: the operator chooses a model, goes back, and is kept from choosing a bad one."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from models.artifact import sha256
from monitor.domain import LogEntry
from monitor.evidence import custody
from monitor.storage.unit_of_work import Database
from tests.builders import make_post
from tests.functional.conftest import NETRA, Netra, write_jsonl
from tests.functional.service import running, wait_until
from tests.model_clones import clone_models


@pytest.fixture
def root(tmp_path: Path, environment: dict[str, str]) -> Path:
    """Three models, `uji@1` shipped as active; every `netra` of the test uses this folder."""
    folder = clone_models(tmp_path / "models", "uji@1", "uji@2", "uji@3")
    environment["NETRA_MODEL_DIR"] = str(folder)
    return folder


def in_use(netra: Netra, **changed: str) -> tuple[str | None, str | None]:
    """(active, previous) as `netra model list` shows them."""
    shown = netra("model", "list", **changed).lines()
    names = [[m["model"] for m in shown if m[key]] for key in ("active", "previous")]
    assert all(len(found) <= 1 for found in names)
    active, previous = (found[0] if found else None for found in names)
    return active, previous


def choices(url: str) -> list[LogEntry]:
    database = Database(url)
    with database.read() as connection:
        found = [e for e in custody.iter_entries(connection) if e.subject == "model:active"]
    database.dispose()
    return found


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def scored_by(netra: Netra, *arguments: str, **changed: str) -> str:
    line = json.dumps(make_post()).encode()
    version: str = netra("score", *arguments, stdin=line, **changed).json()["model_version"]
    return version


def test_choosing_and_going_back(
    netra: Netra, root: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    before = fingerprints(root)
    assert in_use(netra) == ("uji@1", None)
    refused = netra("model", "rollback")
    assert refused.code == 2
    assert "netra model activate" in refused.err

    chosen = netra("model", "activate", "uji@2", "--note", "lebih teliti")
    assert (chosen.code, chosen.json()["active"]) == (0, "uji@2")
    assert chosen.json()["previous"] == "uji@1"
    assert "5 detik" in chosen.err
    assert in_use(netra) == ("uji@2", "uji@1")
    assert scored_by(netra) == "uji@2"
    assert netra("model", "activate", "uji@2").out == ""
    netra("model", "activate", "uji@3")
    netra("import", str(write_jsonl(tmp_path / "posts.jsonl", [make_post()])))
    case = netra("cases", "show", netra("cases", "list").json()["id"]).json()
    assert case["prediction"]["model_version"] == "uji@3"

    assert netra("model", "rollback").json()["active"] == "uji@2"
    assert netra("model", "rollback").json()["active"] == "uji@1"
    assert netra("model", "rollback").code == 2
    assert in_use(netra) == ("uji@1", None)
    # The package folder may be read-only: nothing in it is part of the choice.
    assert fingerprints(root) == before

    log = choices(environment["NETRA_DATABASE_URL"])
    assert [(e.action, json.loads(e.details)["model"]) for e in log] == [
        ("model.activated", "uji@2"),
        ("model.activated", "uji@3"),
        ("model.rolled_back", "uji@2"),
        ("model.rolled_back", "uji@1"),
    ]
    assert json.loads(log[0].details)["note"] == "lebih teliti"
    manifest = root / "artifacts" / "uji" / "2" / "manifest.json"
    assert json.loads(log[0].details)["manifest_sha256"] == sha256(manifest.read_bytes())
    assert {e.actor for e in log} == {"operator-cli"}
    assert all(e.at for e in log)
    assert netra("audit", "verify").json()["intact"] is True


def test_a_setting_goes_before_the_choice(netra: Netra, root: Path) -> None:
    warned = netra("model", "activate", "uji@2", NETRA_MODEL="uji@3")
    assert "NETRA_MODEL=uji@3" in warned.err
    assert scored_by(netra, NETRA_MODEL="uji@3") == "uji@3"
    assert scored_by(netra, "--model", "uji@1") == "uji@1"
    assert in_use(netra, NETRA_MODEL="uji@3") == ("uji@3", "uji@1")


def damage(root: Path) -> str:
    path = root / "artifacts" / "uji" / "2" / "thresholds.json"
    path.write_bytes(path.read_bytes() + b" ")
    return "uji@2"


def rewrite_manifest(root: Path) -> str:
    path = root / "artifacts" / "uji" / "2" / "manifest.json"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    return "uji@2"


def bring_a_stranger(root: Path) -> str:
    folder = root / "artifacts" / "asing" / "1"
    shutil.copytree(root / "artifacts" / "uji" / "1", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8")) | {"name": "asing"}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return "asing@1"


def test_a_bad_model_is_refused_and_nothing_changes(
    netra: Netra, root: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    netra("model", "activate", "uji@3")
    for spoil, told in (
        (damage, "thresholds.json"),
        (rewrite_manifest, "manifest.json"),
        (bring_a_stranger, "registry.toml"),
        (lambda _: "uji@9", "uji@1, uji@2, uji@3"),
        (lambda _: "../uji@1", "tidak terpasang"),
    ):
        spoiled = tmp_path / "spoiled"
        shutil.copytree(root, spoiled)
        refused = netra("model", "activate", spoil(spoiled), NETRA_MODEL_DIR=str(spoiled))
        assert refused.code == 2
        assert refused.out == ""
        assert told in refused.err
        assert str(spoiled) in refused.err
        assert "Model aktif tidak berubah" in refused.err
        shutil.rmtree(spoiled)
    assert in_use(netra) == ("uji@3", "uji@1")
    assert len(choices(environment["NETRA_DATABASE_URL"])) == 1


def test_going_back_to_a_damaged_model_is_refused(netra: Netra, root: Path) -> None:
    netra("model", "activate", "uji@2")
    netra("model", "activate", "uji@3")
    damage(root)
    refused = netra("model", "rollback")
    assert refused.code == 2
    assert "uji@2" in refused.err
    assert in_use(netra) == ("uji@3", "uji@2")


def start(environment: dict[str, str], folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(NETRA), *arguments],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_two_at_the_same_time_come_one_after_the_other(
    netra: Netra, root: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    netra("db", "migrate")
    both = [start(environment, tmp_path, "model", "activate", m) for m in ("uji@2", "uji@3")]
    assert [process.wait(120) for process in both] == [0, 0]
    first, second = (json.loads(e.details) for e in choices(environment["NETRA_DATABASE_URL"]))
    assert {first["model"], second["model"]} == {"uji@2", "uji@3"}
    assert (first["earlier"], second["earlier"]) == (["uji@1"], [first["model"], "uji@1"])
    assert in_use(netra) == (second["model"], first["model"])
    assert netra("audit", "verify").json()["intact"] is True


def test_a_kill_leaves_the_old_choice_or_the_new_one(
    netra: Netra, root: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    url = environment["NETRA_DATABASE_URL"]
    netra("db", "migrate")
    started = time.monotonic()
    assert start(environment, tmp_path, "model", "activate", "uji@2").wait(120) == 0
    whole = time.monotonic() - started
    for share in (0.6, 0.9, 1.0):
        known: list[Any] = choices(url)
        process = start(environment, tmp_path, "model", "activate", "uji@3")
        time.sleep(whole * share)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        made = choices(url)[len(known) :]
        assert [json.loads(e.details)["model"] for e in made] in ([], ["uji@3"])
        if made:
            assert netra("model", "rollback").json()["active"] == "uji@2"
    assert netra("audit", "verify").json()["intact"] is True


def test_a_running_service_notices_the_choice(
    netra: Netra, root: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    with running("serve", environment, tmp_path) as service:
        model = service.get("/readyz")["checks"]["model"]
        assert model == {"ok": True, "version": "uji@1"}
        assert netra("model", "activate", "uji@2").code == 0
        wait_until(lambda: service.get("/readyz")["checks"]["model"]["version"] == "uji@2", 30)
        assert netra("model", "rollback").code == 0
        wait_until(lambda: service.get("/readyz")["checks"]["model"]["version"] == "uji@1", 30)


def test_a_chosen_model_that_is_gone_is_said_and_can_be_left(netra: Netra, root: Path) -> None:
    netra("model", "activate", "uji@2")
    shutil.rmtree(root / "artifacts" / "uji" / "2")
    listed = netra("model", "list")
    assert "uji@2 tidak terpasang" in listed.err
    refused = netra("score", stdin=json.dumps(make_post()).encode())
    assert (refused.code, refused.out) == (2, "")
    assert netra("doctor").code == 1
    assert netra("model", "activate", "uji@3").code == 0
    assert scored_by(netra) == "uji@3"


def test_scoring_without_an_installation_makes_none(
    netra: Netra, root: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "kosong"
    version = scored_by(netra, NETRA_DATA_DIR=str(empty), NETRA_DATABASE_URL="")
    assert version == "uji@1"
    assert not empty.exists()
