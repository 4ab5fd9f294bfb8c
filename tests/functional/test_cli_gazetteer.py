"""`netra gazetteer`: an analyst adds names, with their tests, to an installation that runs."""

from pathlib import Path

from tests.functional.conftest import Netra

GOOD = """
source = "Keputusan KPU"

[[party]]
name = "Partai Uji Coba"
aliases = ["PUJIC"]

[[example]]
text = "coblos PUJIC"
targets = ["PUJIC"]
means = ["Partai Uji Coba"]
"""


def test_a_file_is_checked_added_and_used(netra: Netra, tmp_path: Path) -> None:
    path = tmp_path / "tambahan.toml"
    path.write_text(GOOD, encoding="utf-8")
    before = netra("gazetteer", "list").json()
    checked = netra("gazetteer", "check", str(path))
    assert (checked.code, checked.json()["problems"], checked.err) == (0, 0, "")
    assert netra("gazetteer", "find", "coblos PUJIC").out == ""
    assert netra("gazetteer", "add", str(path)).code == 0
    after = netra("gazetteer", "list")
    assert {key: after.lines()[-2][key] for key in ("file", "from", "entries")} == {
        "file": "tambahan.toml",
        "from": "instalasi",
        "entries": 1,
    }
    assert after.json()["version"] == checked.json()["version"] != before["version"]
    found = netra("gazetteer", "find", "coblos PUJIC").json()
    assert (found["target"], found["means"]) == ("PUJIC", "Partai Uji Coba")
    again = netra("gazetteer", "add", str(path))
    assert (again.code, "--replace" in again.err) == (2, True)
    assert netra("gazetteer", "add", str(path), "--replace").code == 0
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "var" / "gazetteer").iterdir()} == {0}


def test_a_broken_file_is_refused_unless_forced(netra: Netra, tmp_path: Path) -> None:
    path = tmp_path / "rusak.toml"
    path.write_text(GOOD + '[[party]]\nname = "Tanpa Apa-apa"\nwarna = "biru"\n', encoding="utf-8")
    checked = netra("gazetteer", "check", str(path))
    assert checked.code == 1
    assert "rusak.toml: party ke-2 (Tanpa Apa-apa): kunci 'warna'" in checked.err
    refused = netra("gazetteer", "add", str(path))
    assert refused.code == 2
    assert "tidak ditambahkan" in refused.err
    assert not (tmp_path / "var" / "gazetteer" / "rusak.toml").exists()
    assert netra("gazetteer", "add", str(path), "--force").code == 1
    assert netra("gazetteer", "find", "coblos PUJIC").json()["target"] == "PUJIC"
    assert netra("gazetteer", "check").code == 1


def test_the_shipped_names_pass_their_check(netra: Netra) -> None:
    checked = netra("gazetteer", "check")
    assert (checked.code, checked.err) == (0, "")
    assert checked.json()["entries"] > 1_600


def test_a_number_is_read_by_region_and_date(netra: Netra) -> None:
    asked = ("gazetteer", "find", "pilih paslon 02")
    local = netra(*asked, "--location", "Jakarta", "--date", "2024-10-10").json()
    assert (local["target"], local["contest"]) == ("paslon 02", "Pilkada 2024")
    assert netra(*asked, "--date", "2024-01-10").json()["contest"] == "Pemilu 2024"
    assert netra(*asked).json()["means"] == ""


def test_another_kind_of_file_is_refused(netra: Netra, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(b"PK")
    result = netra("gazetteer", "add", str(path))
    assert result.code == 2
    assert ".toml atau .csv" in result.err
