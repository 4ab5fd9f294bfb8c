"""The other commands: each does its work, and says in one line what went wrong."""

import shutil
from pathlib import Path

from models.registry import default_root
from tests.builders import make_post
from tests.functional.conftest import Netra, write_jsonl


def test_db_migrate_and_check(netra: Netra) -> None:
    assert netra("db", "migrate").code == 0
    check = netra("db", "check")
    assert (check.code, check.json()["ok"]) == (0, True)


def test_keys_create_prints_the_key_alone(netra: Netra) -> None:
    result = netra("keys", "create", "--name", "bkn", "--scopes", "alerts:read,cases:read")
    assert result.code == 0
    assert result.out.startswith("ntr_")
    assert len(result.out.splitlines()) == 1
    listed = netra("keys", "list").json()
    assert listed["scopes"] == ["alerts:read", "cases:read"]
    assert result.out.strip() not in str(listed)
    assert netra("keys", "create", "--name", "bkn", "--scopes", "cases:read").code == 2
    assert netra("keys", "revoke", "bkn").code == 0
    assert netra("keys", "list").json()["revoked_at"]


def test_an_unknown_scope_is_named(netra: Netra) -> None:
    result = netra("keys", "create", "--name", "bkn", "--scopes", "semua")
    assert result.code == 2
    assert "semua" in result.err
    assert "posts:write" in result.err


def test_users_add_and_list(netra: Netra) -> None:
    made_up = netra("users", "add", "ani")
    assert made_up.code == 0
    assert len(made_up.out.strip()) >= 12
    assert netra("users", "add", "ani").code == 2
    assert netra("users", "add", "Budi Santoso").code == 2
    short = netra("users", "add", "budi", "--password-stdin", stdin=b"pendek\n")
    assert short.code == 2
    assert netra("users", "list").json() == {"name": "ani", "role": "analyst", "disabled": False}
    assert netra("users", "disable", "ani").code == 0
    assert netra("users", "list").json()["disabled"] is True


def test_model_list_and_verify(netra: Netra) -> None:
    models = netra("model", "list").lines()
    assert [m["active"] for m in models].count(True) == 1
    assert netra("model", "verify").code == 0
    assert netra("model", "card").out.startswith("#")


def test_doctor_is_content_with_a_fresh_installation(netra: Netra) -> None:
    netra("db", "migrate")
    result = netra("doctor")
    assert result.code == 0, result.out
    assert "GAGAL" not in result.out
    assert "rahasia-sekali" not in result.out


def test_cases_and_audit_after_an_import(netra: Netra, tmp_path: Path) -> None:
    netra("import", str(write_jsonl(tmp_path / "posts.jsonl", [make_post()])))
    case = netra("cases", "list").json()
    assert (case["id"], case["status"]) == ("K-000001", "new")
    shown = netra("cases", "show", case["id"]).json()
    assert shown["evidence"][0]["sha256"]
    assert netra("cases", "show", "K-000099").code == 2
    audit = netra("audit", "verify")
    assert (audit.code, audit.json()["intact"], audit.json()["seals"]) == (0, True, 1)


def test_the_sample_source_comes_and_goes(netra: Netra) -> None:
    assert netra("sources", "add", "contoh", "--kind", "sample").code == 0
    collected = netra("collect", "contoh").json()
    assert collected["got"] >= 120
    assert collected["flagged"] > 20
    assert netra("stats", "funnel").json() == {}
    assert netra("sources", "remove", "contoh").code == 2
    assert netra("sources", "remove", "contoh", "--with-posts").code == 0
    assert netra("cases", "list").out == ""


def test_a_wrong_setting_is_one_plain_line(netra: Netra, environment: dict[str, str]) -> None:
    environment["NETRA_PORT"] = "delapan"
    result = netra("db", "check")
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "NETRA_PORT" in result.err


def test_another_installation_key_is_refused(netra: Netra, environment: dict[str, str]) -> None:
    assert netra("sources", "list").code == 0
    environment["NETRA_INSTALLATION_KEY"] = "ab" * 32
    result = netra("sources", "list")
    assert result.code == 2
    assert "Kunci instalasi" in result.err


def test_a_folder_that_cannot_be_had_is_said_plainly(
    netra: Netra, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    environment["NETRA_DATA_DIR"] = str(tmp_path / "berkas" / "var")
    result = netra("sources", "list")
    assert result.code == 2
    assert "NETRA_DATA_DIR" in result.err


def test_names_that_look_like_the_system_are_refused(netra: Netra) -> None:
    for name in ("netra", "operator-cli", "ani\n"):
        assert netra("users", "add", name).code == 2


def test_a_damaged_database_is_said_plainly(tmp_path: Path, netra: Netra) -> None:
    folder = tmp_path / "rusak"
    folder.mkdir()
    (folder / "netra.sqlite3").write_bytes(b"bukan basis data" * 600)
    result = netra("sources", "list", NETRA_DATA_DIR=str(folder), NETRA_DATABASE_URL="")
    assert result.code == 2
    assert "cadangan" in result.err


def test_only_the_owner_can_read_what_is_kept(tmp_path: Path, netra: Netra) -> None:
    folder = tmp_path / "milik-sendiri"
    netra("sources", "list", NETRA_DATA_DIR=str(folder), NETRA_DATABASE_URL="")
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_the_models_vouched_for_are_those_in_use(netra: Netra, tmp_path: Path) -> None:
    root = tmp_path / "models"
    shutil.copytree(default_root() / "artifacts", root / "artifacts")
    shutil.copy(default_root() / "registry.toml", root)
    assert netra("model", "verify", NETRA_MODEL_DIR=str(root)).code == 0
    for weights in root.rglob("stance.npz"):
        weights.write_bytes(weights.read_bytes() + b"x")
    assert netra("model", "verify", NETRA_MODEL_DIR=str(root)).code == 1
    doctor = netra("doctor", NETRA_MODEL_DIR=str(root))
    assert doctor.code == 1
    assert "[GAGAL] keutuhan model" in doctor.out
