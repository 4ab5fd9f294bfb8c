"""`netra sources`, `collect` and `stats` as an operator meets them."""

from pathlib import Path
from typing import Any

from tests.builders import make_citizen_post, make_post
from tests.functional.conftest import Netra, write_jsonl


def folder_with(tmp_path: Path, *items: Any) -> str:
    folder = tmp_path / "masuk"
    folder.mkdir(exist_ok=True)
    write_jsonl(folder / "unggahan.jsonl", list(items))
    return str(folder)


def test_a_source_is_added_shown_tried_and_run(netra: Netra, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, make_post(id="a"), make_citizen_post(id="b"))
    added = netra(
        *("sources", "add", "berkas", "--kind", "filedrop", "--set", f"path={folder}"),
        *("--set", "settle=0"),
        *("--cron", "*/5 * * * *", "--region", "33.14", "--daily-quota", "50", "--priority", "2"),
    )
    assert added.code == 0, added.err
    shown = netra("sources", "list").json()
    assert (shown["state"], shown["schedule"], shown["region"]) == ("ok", "*/5 * * * *", "33.14")
    assert shown["quota"]["day"] == {"used": 0, "limit": 50}
    tried = netra("sources", "test", "berkas")
    assert (tried.code, [item["id"] for item in tried.lines()]) == (0, ["a", "b"])
    assert netra("stats", "funnel").json().get("received") is None, "a trial keeps nothing"
    ran = netra("collect", "berkas")
    assert (ran.code, ran.json()) == (
        0,
        {"source": "berkas", "got": 2, "new": 2, "passed_gate": 1, "flagged": 1, "failed": 0},
    )
    funnel = netra("stats", "funnel").json()
    assert (funnel["received"], funnel["coverage"]["sources"]) == (2, 1)
    covered = netra("stats", "coverage", "--since", "2h", "--json").json()
    assert (covered["source"], covered["got"], covered["gaps"]) == ("berkas", 2, [])
    told = netra("stats", "coverage")
    assert told.code == 0
    assert "didapat 2, baru 2, lolos gerbang 1, gagal 0" in told.out


def test_trouble_is_one_indonesian_line_and_exit_code_one(netra: Netra, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, make_post())
    netra("sources", "add", "berkas", "--kind", "filedrop", "--set", f"path={folder}")
    (tmp_path / "masuk").rename(tmp_path / "pindah")
    tried = netra("sources", "test", "berkas")
    assert (tried.code, len(tried.err.splitlines()), tried.out) == (1, 1, "")
    ran = netra("collect", "berkas")
    assert ran.code == 1
    assert ran.json()["failed"] == 1
    assert "Sumber berkas: " in ran.err
    assert netra("sources", "list").json()["state_detail"] in ran.err


def test_what_cannot_be_added_is_said_with_what_can(netra: Netra) -> None:
    unknown = netra("sources", "add", "a", "--kind", "filedrop", "--set", "pth=/tmp")
    assert unknown.code == 2
    assert "pth" in unknown.err
    assert "path (wajib)" in unknown.err
    for wrong in (
        ("--every", "5"),
        ("--cron", "tiap jam"),
        ("--every", "5m", "--cron", "* * * * *"),
    ):
        assert netra("sources", "add", "a", "--kind", "sample", *wrong).code == 2
    assert netra("sources", "list").out == ""
    assert netra("stats", "coverage", "--since", "kemarin").code == 2


def test_pause_resume_and_alarms(netra: Netra) -> None:
    netra("sources", "add", "contoh", "--kind", "sample", "--every", "5m")
    assert netra("sources", "pause", "contoh").code == 0
    assert netra("sources", "list").json()["status"] == "paused"
    assert netra("sources", "resume", "contoh").code == 0
    assert netra("sources", "list").json()["status"] == "active"
    none_open = netra("sources", "alarms")
    assert (none_open.code, none_open.out) == (0, "")
    assert netra("sources", "pause", "tidakada").code == 2
    assert netra("audit", "verify").json()["intact"] is True


def test_accounts_from_a_file_are_refused_where_they_mean_nothing(
    netra: Netra, tmp_path: Path
) -> None:
    netra("sources", "add", "contoh", "--kind", "sample")
    (tmp_path / "akun.txt").write_text("sari\n")
    refused = netra("sources", "import-accounts", "contoh", str(tmp_path / "akun.txt"))
    assert refused.code == 2
    assert "daftar akun" in refused.err
