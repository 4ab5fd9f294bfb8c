"""`netra import`: every format, every kind of rubbish, and a kill in the middle."""

import csv
import json
import signal
import subprocess
import time
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from monitor.storage.unit_of_work import Database
from tests.builders import make_citizen_post, make_neutral_asn_post, make_post
from tests.functional.conftest import NETRA, Netra, write_jsonl

COLUMNS = ["id", "platform", "text", "posted_at", "author.bio", "author.name", "likes"]
ROWS = [
    ["s-1", "facebook", "Ayo coblos nomor 2, menangkan!", "", "PNS, Guru SDN 3", "Sari", "12"],
    ["s-2", "x", "harga cabai naik", "", "petani", "", ""],
]


def test_jsonl_ends_with_one_line_of_numbers(netra: Netra, tmp_path: Path) -> None:
    file = write_jsonl(
        tmp_path / "posts.jsonl",
        [make_post(id="a"), make_neutral_asn_post(), make_citizen_post(), make_post(id="a"), 5],
    )
    result = netra("import", str(file))
    assert result.code == 1
    numbers = result.json()
    assert numbers.pop("seconds") > 0
    assert numbers == {
        "read": 5,
        "new": 3,
        "duplicate": 1,
        "passed_gate": 2,
        "flagged": 1,
        "refused": 1,
        "unscored": 0,
    }
    assert result.err == "line 5: unggahan harus berupa objek JSON\n"
    again = netra("import", str(file)).json()
    assert (again["new"], again["duplicate"], again["flagged"]) == (0, 4, 0)


def test_later_leaves_the_scoring_to_a_worker(netra: Netra, tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "posts.jsonl", [make_post()])
    result = netra("import", str(file), "--later")
    assert (result.code, result.json()["flagged"], result.json()["unscored"]) == (0, 0, 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(netra: Netra, tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "posts.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([COLUMNS, *ROWS])
    numbers = netra("import", str(file)).json()
    assert (numbers["read"], numbers["new"], numbers["flagged"]) == (2, 2, 1)


def test_xlsx(netra: Netra, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in [COLUMNS, *ROWS]:
        workbook.active.append(row)
    workbook.save(tmp_path / "posts.xlsx")
    numbers = netra("import", str(tmp_path / "posts.xlsx")).json()
    assert (numbers["read"], numbers["new"], numbers["flagged"]) == (2, 2, 1)


def test_an_unclosed_quote_costs_its_own_row_only(netra: Netra, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    rows = "".join(f"z{n},x,baris ke-{n}\n" for n in range(2000))
    file.write_text(
        f'id,platform,text\n1,x,"tak tutup\n{rows}w,x,"dua\nbaris"\nv,x,pipa 5" besar\n'
    )
    result = netra("import", str(file))
    numbers = result.json()
    assert (numbers["read"], numbers["new"], numbers["refused"]) == (2003, 2002, 1)
    assert result.err.startswith("line 2: ")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(netra: Netra, tmp_path: Path, end: str) -> None:
    file = tmp_path / "posts.csv"
    rows = [
        "id,platform,text,author.bio",
        'a,x,5" tv,PNS',
        "b,friendster,x,PNS",
        'c,x,"dua',
        'x",y',
    ]
    file.write_bytes((end.join([*rows, "d,x,kurang"]) + end).encode())
    result = netra("import", str(file))
    numbers = result.json()
    assert (numbers["read"], numbers["new"], numbers["passed_gate"], numbers["refused"]) == (
        4,
        2,
        1,
        2,
    )
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["line 3", "line 6"]


@pytest.mark.parametrize("content", ["id,platform,text\na,x,b\n".encode("utf-16"), b"\n\n"])
def test_a_csv_that_is_not_utf8_or_empty_says_so(
    netra: Netra, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "posts.csv").write_bytes(content)
    result = netra("import", str(tmp_path / "posts.csv"))
    assert result.code == 2
    assert "UTF-8" in result.err or "kosong" in result.err


def test_what_an_interrupted_import_left_behind_is_scored_by_the_next(
    netra: Netra, tmp_path: Path
) -> None:
    file = write_jsonl(tmp_path / "posts.jsonl", [make_post()])
    netra("import", str(file), "--later")
    again = netra("import", str(file))
    assert (again.json()["duplicate"], again.err) == (1, "")
    assert netra("cases", "list", "--status", "new").json()["id"] == "K-000001"


def test_long_numbers_of_a_spreadsheet_are_refused_not_merged(netra: Netra, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(COLUMNS[:3])
    for number in (1234567890123456781, 1234567890123456782):
        workbook.active.append([number, "x", "a"])
    workbook.save(tmp_path / "posts.xlsx")
    result = netra("import", str(tmp_path / "posts.xlsx"))
    assert (result.code, result.json()["refused"], result.json()["new"]) == (1, 2, 0)
    assert "sebagai teks" in result.err


def test_a_count_of_thousands_of_digits_is_refused(netra: Netra, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(f"id,platform,text,likes\na,x,hai,{'9' * 5000}\nb,x,hai,7\n", encoding="utf-8")
    result = netra("import", str(file))
    assert (result.code, result.json()["new"], result.json()["refused"]) == (1, 1, 1)
    assert "likes" in result.err


def test_real_posts_cannot_be_passed_off_as_sample(netra: Netra, tmp_path: Path) -> None:
    netra("sources", "add", "contoh", "--kind", "sample")
    file = write_jsonl(tmp_path / "posts.jsonl", [make_post()])
    result = netra("import", str(file), "--source", "contoh")
    assert result.code == 2
    assert "contoh" in result.err


def test_csv_with_the_wrong_header_is_refused_with_what_is_missing(
    netra: Netra, tmp_path: Path
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("nomor,isi\n1,halo\n", encoding="utf-8")
    result = netra("import", str(file))
    assert result.code == 2
    assert "id, platform, text" in result.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts.xlsx", b"bukan excel"),
        ("posts.docx", b"PK"),
        ("posts.csv", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    netra: Netra, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    result = netra("import", str(tmp_path / name))
    assert result.code == 2
    assert name in result.err


def test_every_kind_of_bad_line_is_named_and_nothing_else_is_lost(
    netra: Netra, tmp_path: Path
) -> None:
    good = json.dumps(make_post()).encode()
    deep = b"[" * 100_000 + b"]" * 100_000
    long = b'{"id": "l", "platform": "x", "text": "' + b"a" * (2 * 1024 * 1024) + b'"}'
    lone = b'{"id": "s", "platform": "x", "text": "\\ud800"}'
    empty = b'{"id": "e", "platform": "x", "text": ""}'
    lines = [b"\xff\xff", deep, long, lone, empty, b"", good, b"null", b"\x00"]
    file = tmp_path / "posts.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    result = netra("import", str(file))
    assert result.code == 1
    numbers = result.json()
    assert (numbers["read"], numbers["new"], numbers["refused"]) == (8, 1, 7)
    named = [int(line.split(":")[0].removeprefix("line ")) for line in result.err.splitlines()]
    assert named == [1, 2, 3, 4, 5, 8, 9]


def test_killed_in_the_middle_and_run_again_loses_and_doubles_nothing(
    netra: Netra, tmp_path: Path, environment: dict[str, str], database_url: str
) -> None:
    kinds = (make_post, make_citizen_post, make_neutral_asn_post, make_citizen_post)
    items = [kinds[n % 4](id=f"k{n}") for n in range(4000)]
    file = write_jsonl(tmp_path / "posts.jsonl", items)
    netra("db", "migrate")
    process = subprocess.Popen(
        [str(NETRA), "import", str(file)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    database = Database(database_url)
    _wait_until_some_are_in(database)
    process.send_signal(signal.SIGKILL)
    process.wait()
    taken = _rows(database, "marks") + _rows(database, "posts")
    assert 0 < taken < 4000, "the kill must hit the middle"
    numbers = netra("import", str(file)).json()
    assert numbers["new"] + numbers["duplicate"] == 4000
    assert numbers["new"] == 4000 - taken
    assert _rows(database, "marks") == 2000
    assert _rows(database, "posts") == 2000
    database.dispose()


def _wait_until_some_are_in(database: Database) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if _rows(database, "marks") > 0:
            return
        time.sleep(0.02)
    raise AssertionError("the import took nothing in")


def _rows(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
