"""A watched folder through the real command: added, tried without a trace, collected once."""

import os
import time
from pathlib import Path

import pytest

from tests.builders import make_citizen_post, make_post
from tests.functional.conftest import Netra, write_jsonl


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "masuk"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, *posts: object) -> Path:
    file = write_jsonl(folder / name, list(posts))
    os.utime(file, (time.time() - 3600,) * 2)
    return file


def test_a_folder_is_tried_without_a_trace_and_collected_once(netra: Netra, folder: Path) -> None:
    added = netra(
        "sources",
        "add",
        "titipan",
        "--kind",
        "filedrop",
        "--set",
        f"path={folder}",
        "--every",
        "5m",
    )
    assert added.code == 0, added.err
    file = put(folder, "a.jsonl", make_post(), make_citizen_post(), {"id": "rusak"})
    tried = netra("sources", "test", "titipan")
    assert len(tried.lines()) == 3
    assert file.exists()
    first = netra("collect", "titipan").json()
    assert (first["got"], first["new"], first["passed_gate"]) == (3, 2, 1)
    assert not file.exists()
    assert (folder / "selesai" / "a.jsonl").exists()
    again = netra("collect", "titipan").json()
    assert (again["got"], again["new"]) == (0, 0)
    gone = netra("sources", "add", "lain", "--kind", "filedrop", "--set", "path=bukan/lengkap")
    assert (gone.code, "path" in gone.err) == (2, True)


def test_a_folder_that_is_missing_says_what_to_do(netra: Netra, folder: Path) -> None:
    netra("sources", "add", "titipan", "--kind", "filedrop", "--set", f"path={folder}/tidak-ada")
    result = netra("collect", "titipan")
    assert result.code == 1
    assert "Buat foldernya" in result.err
