"""The watched folder: each file once, nothing lost by a kill, bad ones put aside."""

import io
from datetime import timedelta

import openpyxl
import pytest

from monitor.collectors.filedrop import FILEDROP, PAGE
from monitor.collectors.trouble import NotConfigured
from tests.builders import make_post
from tests.drop_folder import LONG_AGO, Drop, jsonl, posts


def test_a_file_is_taken_once_and_moved(drop: Drop) -> None:
    sent = posts(3)
    drop.put("a.jsonl", jsonl(sent))
    assert drop.run() == sent
    assert (drop.left(), drop.names("selesai")) == ([], ["a.jsonl"])
    assert drop.run() == []
    # The same bytes under another name are the same file.
    drop.put("salinan.jsonl", jsonl(sent))
    assert drop.run() == []
    assert drop.names("selesai") == ["a.jsonl", "salinan.jsonl"]
    # Other bytes under a name already used are another file, and overwrite nothing.
    drop.put("a.jsonl", jsonl(posts(1)))
    assert len(drop.run()) == 1
    assert "a-2.jsonl" in drop.names("selesai")


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_kill_in_a_large_file_loses_and_repeats_nothing(drop: Drop, stop_after: int) -> None:
    sent = posts(2 * PAGE + 7)
    drop.put("besar.jsonl", jsonl(sent))
    first = drop.run(stop_after=stop_after)
    assert drop.left() == ["besar.jsonl"]
    # Another file, dropped with an older date, does not make the unfinished one begin anew.
    drop.put("lain.jsonl", jsonl([make_post(id="lain")]), changed=LONG_AGO - 999)
    ids = [item["id"] for item in [*first, *drop.run()]]
    assert sorted(ids) == sorted([*(post["id"] for post in sent), "lain"])
    assert drop.names("selesai") == ["besar.jsonl", "lain.jsonl"]


def test_files_still_being_written_are_left_alone(drop: Drop) -> None:
    sent = jsonl(posts(2))
    drop.put("baru.jsonl", sent[:-10], changed=drop.now.timestamp() - 5)
    for name in ("x.jsonl.part", "y.csv.tmp", ".sembunyi.jsonl", "~$buku.xlsx", "Thumbs.db"):
        drop.put(name, b"setengah")
    assert drop.run() == []
    assert len(drop.left()) == 6
    drop.put("baru.jsonl", sent, changed=drop.now.timestamp() - 1)
    drop.now += timedelta(seconds=40)
    assert len(drop.run()) == 2
    assert drop.names("selesai") == ["baru.jsonl"]


def test_a_folder_whose_clock_runs_ahead_is_read_all_the_same(drop: Drop) -> None:
    drop.put("a.jsonl", jsonl(posts(1)), changed=drop.now.timestamp() + 7200)
    assert drop.run() == []
    drop.now += timedelta(seconds=10)
    assert drop.run() == []
    drop.now += timedelta(seconds=30)
    assert len(drop.run()) == 1
    assert "waiting" not in drop.cursor


def test_a_file_that_grows_while_read_is_taken_again_whole(drop: Drop) -> None:
    path = drop.put("a.jsonl", jsonl(posts(PAGE + 1)))
    pages = drop.pages()
    got = list(next(pages).items)
    with path.open("ab") as stream:
        stream.write(jsonl([make_post(id="menyusul")]))
    got += [item for page in pages for item in page.items]
    assert drop.left() == ["a.jsonl"]
    drop.now += timedelta(minutes=5)
    got += drop.run()
    assert {item["id"] for item in got} >= {"menyusul", "p-0", f"p-{PAGE}"}
    assert drop.left() == []


def test_unreadable_files_are_put_aside_with_the_reason(drop: Drop) -> None:
    drop.put("gambar.png", b"\x89PNG")
    drop.put("rusak.xlsx", b"PK\x03\x04 bukan zip")
    drop.put("kolom.csv", "a,b,c\n1,2,3\n")
    drop.put("kosong.csv", "\n\n")
    drop.put("sampah.jsonl", b"{tidak\nbukan\n")
    drop.put("baik.jsonl", jsonl(posts(1)))
    (drop.folder / "tautan.jsonl").symlink_to("/etc/passwd")
    assert len(drop.run()) == 1
    assert drop.left() == []
    refused = drop.names("ditolak")
    assert len(refused) == 12
    reasons = {
        name: (drop.folder / "ditolak" / name).read_text("utf-8")
        for name in refused
        if name.endswith(".alasan.txt")
    }
    assert "kepala tabelnya tidak dikenal" in reasons["kolom.csv.alasan.txt"]
    assert "baris 1" in reasons["sampah.jsonl.alasan.txt"]
    assert "jenis berkas" in reasons["gambar.png.alasan.txt"]
    assert "tautan" in reasons["tautan.jsonl.alasan.txt"]
    # A file put right and dropped again under the same name is read.
    drop.put("kolom.csv", "id,platform,text\n1,x,halo\n")
    assert drop.run() == [{"id": "1", "platform": "x", "text": "halo"}]


def test_bad_rows_are_counted_and_named_beside_the_file(drop: Drop) -> None:
    good = make_post(id="baik")
    drop.put("a.jsonl", jsonl([good]) + b"{rusak\n" + jsonl([{"id": "x", "platform": "orkut"}]))
    items = drop.run()
    assert (items[0], len(items)) == (good, 3)
    note = next(name for name in drop.names("selesai") if name.endswith(".catatan.txt"))
    lines = (drop.folder / "selesai" / note).read_text("utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == ["baris 2", "baris 3"]
    assert "platform" in lines[1]


@pytest.mark.parametrize(("place", "most"), [(300, 0), (15_000, 2999)])
def test_rows_before_a_broken_place_are_kept(drop: Drop, place: int, most: int) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["id", "platform", "text"])
    for number in range(3000):
        book.active.append([f"n-{number}", "x", "halo " * 20 + str(number)])
    stream = io.BytesIO()
    book.save(stream)
    body = bytearray(stream.getvalue())
    start = body.index(b"xl/worksheets/sheet1.xml") + place
    body[start : start + 40] = b"\x00" * 40
    drop.put("a.xlsx", bytes(body))
    items = drop.run()
    assert [item["id"] for item in items] == [f"n-{n}" for n in range(len(items))]
    assert min(most, 1) <= len(items) <= most
    assert drop.names("ditolak") == ["a.xlsx", "a.xlsx.alasan.txt"]
    reason = (drop.folder / "ditolak" / "a.xlsx.alasan.txt").read_text("utf-8")
    assert "XLSX" in reason
    assert not items or f"{len(items)} baris" in reason


def test_the_region_of_the_source_is_given_to_posts_without_one(drop: Drop) -> None:
    drop.region = "33.14"
    drop.put("a.jsonl", jsonl([make_post(), make_post(region="33.10")]))
    assert [item["region"] for item in drop.run()] == ["33.14", "33.10"]


def test_own_tables_are_read_as_import_reads_them(drop: Drop) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["id", "platform", "text", "author.bio", "likes"])
    book.active.append([1024, "x", "halo", "PNS", 3])
    stream = io.BytesIO()
    book.save(stream)
    drop.put("a.xlsx", stream.getvalue())
    assert drop.run() == [
        {"id": "1024", "platform": "x", "text": "halo", "likes": 3, "author": {"bio": "PNS"}}
    ]


def test_a_missing_folder_says_what_to_do(drop: Drop) -> None:
    drop.options = {"path": str(drop.folder / "tidak-ada")}
    with pytest.raises(NotConfigured, match="Buat foldernya"):
        drop.run()


def test_options_are_checked_before_the_source_is_added() -> None:
    checks = {option.name: option.check for option in FILEDROP.options}
    for name, good, bad in (
        ("path", "/srv/masuk", "masuk"),
        ("mapping", "meltwater", "tidak-ada"),
        ("platform", "x", "friendster"),
        ("zone", "+07:00", "WIB"),
        ("settle", "0", "-1"),
    ):
        check = checks[name]
        assert check is not None
        check(good)
        with pytest.raises(ValueError, match=r"\w"):
            check(bad)


def test_the_cursor_stays_small(drop: Drop) -> None:
    drop.cursor = {"done": [f"{n:064x}" for n in range(5000)]}
    drop.put("a.jsonl", jsonl(posts(1)))
    drop.run()
    assert len(drop.cursor["done"]) == 1000
