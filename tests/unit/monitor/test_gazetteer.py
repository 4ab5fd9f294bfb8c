"""Names as data: shipped files, the installation's folder, broken entries, travelling tests."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.labels import Platform
from models.post import Post
from monitor.pipeline.classifier import load_classifier
from monitor.reference.calendar import Stage
from monitor.reference.contests import stage_of
from monitor.reference.gazetteer import (
    Catalogue,
    InstalledGazetteer,
    assemble,
    catalogue_with,
    installed_catalogue,
    shipped,
)
from monitor.reference.gazetteer_files import GazetteerFile, read_gazetteer_file
from monitor.reference.regions import find_region

Write = Callable[..., Path]
ONE = '[[candidate]]\nname = "Tokoh Uji"\nsource = "surat kabar"\n'
CONTEST = """
[[contest]]
name = "Pilkada 2031"
regions = ["33.14"]
watched_from = 2031-01-01
candidates_set = 2031-08-01
campaign_from = 2031-08-05
quiet_from = 2031-11-20
voting = 2031-11-24
watched_until = 2031-12-31
source = "PKPU"
"""
PAIR = """
[[pair]]
contest = "Pilkada 2031"
region = "33.14"
number = 4
head = "Jumadi Kliwon"
deputy = "Ponirah Legi"
source = "KPU"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETRA_DATA_DIR", str(tmp_path))
    path = tmp_path / "gazetteer"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Write:
    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = folder / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def read(text: str, name: str = "uji.toml") -> GazetteerFile:
    return read_gazetteer_file(name, text.encode())


def reasons(text: str, name: str = "uji.toml") -> list[str]:
    catalogue = assemble((), [read(text, name)])
    return [str(p) for p in (*catalogue.problems, *catalogue.failed_examples())]


def post(text: str, region: str = "") -> Post:
    return Post("1", Platform.X, text, region=region)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return assemble(shipped())


def test_every_shipped_file_is_whole_and_passes_its_own_tests(catalogue: Catalogue) -> None:
    assert [str(p) for p in (*catalogue.problems, *catalogue.failed_examples())] == []
    assert len(catalogue.examples) > 30


def test_all_pairs_of_2024_are_there(catalogue: Catalogue) -> None:
    pairs = [p for p in catalogue.gazetteer.participants if p.contest == "Pilkada 2024"]
    assert len(pairs) == 1_594
    assert {p.number for p in pairs if p.region == "31"} == {1, 2, 3}
    assert all(find_region(p.region) for p in pairs)
    assert sum(p.name == "Kolom kosong" for p in pairs) == 37
    titled = ("Dr.", "Drs.", "Hj.", "Ir.", "Prof.", "S.E", "S.H", "M.Si", ",")
    assert [p.name for p in pairs if any(title in p.name for title in titled)] == []


def test_a_common_first_name_of_a_local_pair_is_no_target(catalogue: Catalogue) -> None:
    for text in ("Budi ke pasar", "Andi dan Budi main bola", "terima kasih Hidayat", "surya indah"):
        assert catalogue.gazetteer.targets(post(text)) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[party]]\nname = "A B"\n', "party ke-1 (A B): source: wajib diisi"),
        ('[[party]]\nsource = "x"\n', "party ke-1: party: `name` wajib diisi"),
        ('[[party]]\nname = "AB"\nalias = ["x"]\nsource = "x"', "maksudnya 'aliases'?"),
        ('[[partai]]\nname = "AB"\n', "tabel tidak dikenal"),
        ('party = "PKS"\n', "tabel tidak dikenal atau bukan [[…]]"),
        ('[[party]]\nname = "AB\n', "bukan TOML yang benar (baris 2, kolom 11)"),
        (CONTEST + PAIR.replace("33.14", "99.99"), "region: kode '99.99' tidak dikenal"),
        (PAIR, "contest: 'Pilkada 2031' tidak ada di kalender"),
        (CONTEST + PAIR.replace("number = 4", ""), "number: wajib diisi"),
        (CONTEST + PAIR.replace("number = 4", 'number = "4"'), "number: '4' harus bilangan"),
        (CONTEST + PAIR + PAIR, "pair ke-2 (Jumadi Kliwon): sudah ada di uji.toml"),
        (CONTEST.replace("2031-11-24", "2031-11-01"), "tanggal harus berurutan"),
        ('[[nickname]]\nof = "Siapa"\naliases = ["Siap"]\nsource = "x"', "yang tidak ada"),
        ('[[nickname]]\nof = "Siapa"\nsource = "x"', "julukan tanpa nama"),
        ('[[example]]\ntext = "halo"\n', "targets: wajib diisi"),
        ('[[example]]\ntext = "halo"\ntargets = []\ndate = "kemarin"', "date: harus tanggal"),
    ],
)
def test_a_broken_entry_is_named_with_file_and_reason(text: str, reason: str) -> None:
    (said,) = reasons(text)
    assert said.startswith("uji.toml: ")
    assert reason in said


def test_a_broken_entry_leaves_the_rest_in_use(folder: Path, write: Write) -> None:
    write("campur.toml", '[[party]]\nname = 5\nsource = "x"\n' + ONE + "[[salah]]\n")
    write("rusak.toml", "[[party\n")
    write("latin.toml", '[[party]]\nname = "Partai Keramé"\n', encoding="latin-1")
    (folder / "folder.toml").mkdir()
    catalogue = installed_catalogue(folder)
    assert {p.file for p in catalogue.problems} == {
        "campur.toml",
        "rusak.toml",
        "latin.toml",
        "folder.toml",
    }
    assert catalogue.gazetteer.targets(post("hidup Tokoh Uji dan PKS")) == ("Tokoh Uji", "PKS")
    classifier = load_classifier(None)
    assert classifier.predict([]) == []


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ('text = "Tokoh Uji hadir"\ntargets = ["Tokoh Uji"]', ""),
        ('text = "Tokoh Uji hadir"\ntargets = []', 'seharusnya tidak ada, ternyata "Tokoh Uji"'),
        ('text = "tak ada"\ntargets = ["Tokoh Uji"]', 'seharusnya "Tokoh Uji", ternyata tidak ada'),
        (
            'text = "Tokoh Uji hadir"\ntargets = ["Tokoh Uji"]\nmeans = ["Lain"]',
            'seharusnya berarti "Lain", ternyata berarti "Tokoh Uji"',
        ),
    ],
)
def test_a_travelling_test_fails_when_it_should(example: str, said: str) -> None:
    found = reasons(f"{ONE}[[example]]\n{example}\n")
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_an_example_stands_at_its_region_and_date() -> None:
    example = '[[example]]\ntext = "no 4"\ntargets = ["no 4"]\nmeans = ["{}"]\n{}\n'
    name = "Jumadi Kliwon - Ponirah Legi"
    text = CONTEST + PAIR + example.format(name, 'region = "33.14"\ndate = 2031-10-01')
    text += example.format(name, 'location = "Sragen"')
    text += example.format("", 'region = "33.14"\ndate = 2032-10-01')
    assert reasons(text) == []


def test_the_running_service_sees_a_changed_folder(folder: Path, write: Write) -> None:
    gazetteer = InstalledGazetteer(folder)
    assert gazetteer.targets(post("Tokoh Uji")) == ()
    path = write("a.toml", ONE)
    assert gazetteer.targets(post("Tokoh Uji")) == ("Tokoh Uji",)
    before = path.stat()
    write("a.toml", ONE.replace("Tokoh", "Kawan"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert gazetteer.targets(post("Tokoh Uji, Kawan Uji")) == ("Kawan Uji",)
    path.unlink()
    assert gazetteer.targets(post("Kawan Uji")) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_files_from_any_editor(write: Write, folder: Path, encoding: str, line_end: str) -> None:
    write("windows.toml", (CONTEST + ONE).replace("\n", line_end), encoding)
    rows = "Contest;Region;Number;Head;Deputy;Aliases;Source\nPilkada 2031;33.14;4;Jumadi Kliwon;"
    rows += "Ponirah Legi;Mas Jum|Pon;KPU\n;;;;;;\n"
    write("lembar.csv", rows.replace("\n", line_end), encoding)
    catalogue = installed_catalogue(folder)
    assert catalogue.problems == ()
    text = "Tokoh Uji, Jumadi Kliwon, Mas Jum, Pon"
    assert catalogue.gazetteer.targets(post(text))[:3] == ("Tokoh Uji", "Jumadi Kliwon", "Mas Jum")
    assert "Pon" in catalogue.gazetteer.targets(post(text, region="33.14"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "tidak ada kolom contest, region, number, head"),
        ("contest,region,number,head,warna\n", "kolom tidak dikenal: warna"),
        ("contest,region,number,head,source\nPilkada 2024,33,x,A B,KPU\n", "baris 2 (A B): number"),
        ("contest,region,number,head,source\nPilkada 2024,33,1,A B,KPU,lebih\n", "baris 2: kunci"),
        ("contest,region,number,head\nPilkada 2024,33,9,A B\n", "baris 2 (A B): source"),
    ],
)
def test_a_broken_table_is_named_by_row(text: str, reason: str) -> None:
    (said,) = reasons(text, "lembar.csv")
    assert reason in said


def test_an_added_entry_corrects_the_shipped_one(catalogue: Catalogue) -> None:
    corrected = read(
        '[[pair]]\ncontest = "Pilkada 2024"\nregion = "33.14"\nnumber = 1\n'
        'head = "Nama Betul"\ndeputy = "Wakil Betul"\nsource = "KPU Sragen"\n'
    )
    after = assemble(shipped(), [corrected])
    assert after.problems == ()
    assert len(after.gazetteer.participants) == len(catalogue.gazetteer.participants)
    (mention,) = after.gazetteer.mentions(post("Nama Betul"))
    assert (mention.name, mention.contest) == ("Nama Betul - Wakil Betul", "Pilkada 2024")


def test_a_nickname_is_added_to_a_shipped_pair(catalogue: Catalogue) -> None:
    nickname = read(
        '[[nickname]]\ncontest = "Pilkada 2024"\nregion = "33"\nnumber = 2\n'
        'hashtags = ["#NgopeniJateng"]\nsource = "tim kampanye"\n'
    )
    (mention,) = assemble(shipped(), [nickname]).gazetteer.mentions(post("gas #NgopeniJateng"))
    assert mention.name == "Ahmad Luthfi - Taj Yasin"


def test_the_version_follows_the_content_and_not_its_order() -> None:
    parts = [CONTEST, PAIR, ONE, ONE.replace("Tokoh", "Kawan")]
    version = assemble((), [read("".join(parts))]).version
    assert assemble((), [read("".join(reversed(parts)), "lain.toml")]).version == version
    split = [read(part, f"{number}.toml") for number, part in enumerate(parts)]
    assert assemble((), split[::-1]).version == version
    example = '[[example]]\ntext = "a b"\ntargets = []\n'
    assert assemble((), [read("".join(parts) + example)]).version == version
    assert (
        assemble((), [read("".join(parts).replace("number = 4", "number = 5"))]).version != version
    )
    assert assemble(()).version != version


def test_an_added_contest_is_in_the_calendar(write: Write) -> None:
    assert stage_of("33.14", date(2031, 11, 24)).stage is Stage.OUTSIDE
    write("2031.toml", CONTEST)
    found = stage_of("33.14", date(2031, 11, 24))
    assert (found.contest, found.stage) == ("Pilkada 2031", Stage.VOTING)
    assert stage_of("33.15", date(2031, 11, 24)).stage is Stage.OUTSIDE


def test_what_a_file_would_break_elsewhere_is_told(
    write: Write, folder: Path, tmp_path: Path
) -> None:
    write("teguh.toml", '[[example]]\ntext = "pendirian teguh"\ntargets = []\n')
    new = tmp_path / "baru.toml"
    new.write_text('[[candidate]]\nname = "Teguh"\nsource = "x"\n')
    _, problems = catalogue_with(new, folder)
    assert [p.file for p in problems] == ["teguh.toml"]
    new.write_text('[[candidate]]\nname = "Teguh"\nambiguous = ["Teguh"]\nsource = "x"\n')
    assert catalogue_with(new, folder)[1] == []
