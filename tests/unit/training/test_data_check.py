"""`python -m training check-data`: what it refuses, and what it measures."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from training.__main__ import main
from training.data_check.check import check_folder
from training.data_check.dataset_files import write_checksums

Row = dict[str, Any]
TEXTS = {
    "train": "antre beras di kelurahan dari subuh, nomor antrean malah kesiram kopi tetangga",
    "dev": "lapangan voli belakang balai sudah dipasangi lampu, besok latihan sampai malam",
    "test": "ketinggalan kereta gara-gara kucing tidur di atas tas kerja, izin telat lagi",
}
CONTRAST = (
    ("minggu depan aku ikut nyoblos paslon dua, mantap", "support", "partisan_other"),
    ("minggu depan aku ikut jaga tps dua, mantap", "none", "other"),
)


def post(post_id: str, text: str, voice: str, **meta: Any) -> Row:
    return {
        "id": post_id,
        "platform": "x",
        "text": text,
        "author": {"handle": voice},
        "gold": {
            "stance": "none",
            "asn": "none",
            "flag": 0,
            "other_official": False,
            "acts": [],
            "targets": [],
            "lang": "id",
        },
        "meta": {
            "voice": voice,
            "group": "other",
            "evasion": False,
            "unsure_language": False,
            **meta,
        },
    }


@pytest.fixture
def files() -> dict[str, list[Row]]:
    """A folder in which nothing is wrong, as rows by file name."""
    content = {f"{s}.jsonl": [post(f"{s}-1", text, f"{s}v-a")] for s, text in TEXTS.items()}
    pair = [
        post(f"c-{n}", text, "cv-a", pair="c", variant=n, axis="stance")
        for n, (text, _, _) in enumerate(CONTRAST)
    ]
    for row, (_, stance, group) in zip(pair, CONTRAST, strict=True):
        row["gold"]["stance"], row["meta"]["group"] = stance, group
    content["contrast.jsonl"] = pair
    rows = [row for own in content.values() for row in own]
    content["second_reading.jsonl"] = [
        {
            "id": row["id"],
            **{
                name: {"stance": row["gold"]["stance"], "asn": row["gold"]["asn"]}
                for name in ("first", "second", "settled")
            },
        }
        for row in rows
    ]
    voices = sorted({row["meta"]["voice"] for row in rows})
    content["voices.jsonl"] = [{"voice": voice, "card": "Seorang warga."} for voice in voices]
    return content


def written(folder: Path, files: dict[str, list[Row]]) -> Path:
    for name, rows in files.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    write_checksums(folder)
    return folder


def faults(folder: Path) -> str:
    return "\n".join(str(fault) for fault in check_folder(folder).faults)


def test_a_sound_folder_is_not_refused(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    assert faults(written(tmp_path, files)) == ""


@pytest.mark.parametrize(
    ("part", "key", "value", "reason"),
    [
        ("gold", "stance", "maybe", "label tidak dikenal"),
        ("gold", "lang", "klingon", "label tidak dikenal"),
        ("gold", "acts", ["DANCE"], "label tidak dikenal"),
        ("gold", "flag", 1, "flag tidak mengikuti"),
        ("gold", "acts", ["OTHER"], "acts harus ada bila"),
        ("gold", "targets", ["paslon 1"], "tanpa keberpihakan"),
        ("meta", "group", "violation", "meta.group tidak sesuai"),
        ("meta", "evasion", "no", "meta.evasion"),
        ("meta", "voice", "", "meta.voice"),
        ("meta", "gender", "x", "meta.gender tidak dikenal"),
        ("meta", "region", "Solo", "bukan kode wilayah"),
        ("meta", "named", ["PKS"], "tidak tertulis"),
        ("gold", "sure", 1, "gold harus memuat tepat"),
        ("gold", "stance", [], "label tidak dikenal"),
        ("gold", "acts", [[]], "label tidak dikenal"),
        ("gold", "flag", 0.0, "gold.flag 0 atau 1"),
        ("gold", "flag", None, "gold.flag 0 atau 1"),
        ("gold", "other_official", "no", "harus true atau false"),
        ("gold", "targets", "paslon", "harus daftar nama"),
        ("meta", "named", None, "harus daftar nama"),
        ("meta", "named", "antre", "harus daftar nama"),
        ("meta", "gender", [], "meta.gender tidak dikenal"),
        ("meta", "region", 33, "bukan kode wilayah"),
        ("meta", "innocent_twin", "no", "meta.innocent_twin"),
        ("meta", "voice", ["a"], "meta.voice"),
        ("meta", "voice", "Trainv-a", "meta.voice"),
        ("meta", "mood", "sad", "kunci tidak dikenal"),
        ("meta", "pair", "p", "hanya untuk contrast"),
    ],
)
def test_a_wrong_label_is_named_with_its_line(
    tmp_path: Path, files: dict[str, list[Row]], part: str, key: str, value: Any, reason: str
) -> None:
    files["train.jsonl"][0][part][key] = value
    told = faults(written(tmp_path, files))
    assert "train.jsonl:1: train-1" in told
    assert reason in told


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("text", "mantap \u00f0\u0178\u02dc\u201a pak", "pengodean rusak"),
        ("text", "bapak\x07ibu", "pengodean rusak"),
        ("author", {"name": "Bu Ren\u00c3\u00a9"}, "pengodean rusak"),
        ("text", "kata " * 16_000, "train-1"),
        ("text", "", "train-1"),
    ],
)
def test_a_post_that_cannot_be_read_is_named(
    tmp_path: Path, files: dict[str, list[Row]], field: str, value: Any, reason: str
) -> None:
    files["train.jsonl"][0][field] = value
    assert reason in faults(written(tmp_path, files))


def test_sound_letters_are_not_refused(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["train.jsonl"][0]["text"] = "SÃO PAULO, É 😂 banténg ꦲ, kopi susu di alun-alun ramai"
    assert faults(written(tmp_path, files)) == ""


def test_village_heads_are_not_asn(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["train.jsonl"][0]["gold"] |= {"asn": "likely", "other_official": True}
    files["train.jsonl"][0]["meta"]["group"] = "asn_neutral"
    assert "other_official tidak dapat bersama asn" in faults(written(tmp_path, files))


def test_a_target_stands_in_the_post(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    gold = files["contrast.jsonl"][0]["gold"]
    gold["targets"] = ["paslon tiga"]
    assert "target “paslon tiga” tidak tertulis" in faults(written(tmp_path, files))


def test_copies_are_refused(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    again = copy.deepcopy(files["train.jsonl"][0])
    files["train.jsonl"] += [again, {**again, "id": "train-2"}]
    told = faults(written(tmp_path, files))
    assert "id sudah ada di train.jsonl" in told
    assert "train-2: isi sama dengan train-1" in told


@pytest.mark.parametrize(
    ("words", "split", "copied"),
    [
        ("gas 02 menang", "train", False),
        ("gas 02 menang", "test", True),
        ("gas 02 menang telak besok pagi", "train", True),
    ],
)
def test_short_words_are_everybodys_in_one_split_only(
    tmp_path: Path, files: dict[str, list[Row]], words: str, split: str, copied: bool
) -> None:
    files["train.jsonl"].append(post("train-8", words, "trainv-a") | {"author": {"name": "Ani"}})
    twin = post("twin-9", words, f"{split}v-a") | {"author": {"name": "Budi"}}
    files[f"{split}.jsonl"].append(twin)
    told = faults(written(tmp_path, files))
    assert ("isi sama" in told) is copied


def test_variants_must_differ(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    pair = files["contrast.jsonl"]
    again = [copy.deepcopy(row) for row in pair]
    for row in again:
        row["id"] += "x"
        row["meta"]["pair"] = "d"
    third = copy.deepcopy(pair[0])
    third["id"], third["meta"]["variant"] = "c-2", 2
    files["contrast.jsonl"] = [*pair, third, *again]
    told = faults(written(tmp_path, files))
    assert "c-2: isi sama dengan c-0" in told
    assert "c-0x: isi sama dengan c-0" in told


@pytest.mark.parametrize("numbers", [[0], [0, 2], [1, 2]])
def test_variants_are_numbered_from_nought(
    tmp_path: Path, files: dict[str, list[Row]], numbers: list[int]
) -> None:
    pair = files["contrast.jsonl"][: len(numbers)]
    for row, number in zip(pair, numbers, strict=True):
        row["meta"]["variant"] = number
    files["contrast.jsonl"] = pair
    assert "variant harus 0, 1" in faults(written(tmp_path, files))


def test_an_account_in_two_splits_is_refused(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["test.jsonl"][0]["author"] = {"handle": "@Trainv-a"}
    assert "akun trainv-a ada di test dan train" in faults(written(tmp_path, files))


def test_two_writers_with_like_names_are_two(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["train.jsonl"][0]["meta"]["voice"] = "budi-a"
    files["test.jsonl"][0]["meta"]["voice"] = "buda-a"
    assert "penulis" not in faults(written(tmp_path, files))


def test_a_near_copy_in_another_split_is_refused(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    files["test.jsonl"][0]["text"] = TEXTS["train"].replace("kopi", "teh") + " !!"
    assert "mirip train/train-1" in faults(written(tmp_path, files))


def test_a_shared_run_of_words_is_refused(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    run = "kucing oren tidur nyenyak atas karung beras"
    files["train.jsonl"][0]["text"] = f"{run}, subuh tadi warung ramai sekali"
    files["dev.jsonl"][0]["text"] = f"lapangan sepi, penjaga pulang, tinggal {run} malam ini"
    assert "enam kata sama" in faults(written(tmp_path, files))


def test_a_run_of_spaced_letters_is_one_word(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    for name in ("train", "dev"):
        files[f"{name}.jsonl"][0]["text"] = f"c o b l o s y u k, {TEXTS[name]}"
    assert "enam kata" not in faults(written(tmp_path, files))


def test_variants_of_one_group_share_their_words(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    run = "kucing oren tidur nyenyak atas karung beras"
    for row in files["contrast.jsonl"]:
        row["text"] += f", {run}"
    assert "enam kata" not in faults(written(tmp_path, files))


def test_greetings_are_everybodys(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    greeting = "Assalamualaikum warahmatullahi wabarakatuh, salam sejahtera bagi kita semua, shalom"
    for name in ("train", "dev"):
        files[f"{name}.jsonl"][0]["text"] = f"{greeting}, {TEXTS[name]}"
    assert "enam kata" not in faults(written(tmp_path, files))


@pytest.mark.parametrize("voice", ["trainv-a", "trainv-b"])
def test_a_voice_or_writer_in_two_splits_is_refused(
    tmp_path: Path, files: dict[str, list[Row]], voice: str
) -> None:
    files["test.jsonl"][0]["meta"]["voice"] = voice
    told = faults(written(tmp_path, files))
    assert "ada di test dan train" in told


def test_a_contrast_label_that_does_not_move_is_refused(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    for row in files["contrast.jsonl"]:
        row["gold"]["stance"], row["meta"]["group"] = "none", "other"
    assert "label stance tidak berpindah" in faults(written(tmp_path, files))


def test_a_counterfactual_label_that_moves_is_refused(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    for row in files["contrast.jsonl"]:
        row["meta"]["axis"] = "party"
    assert "label berpindah pada axis party" in faults(written(tmp_path, files))


def test_bad_bytes_and_bad_json_cost_one_line(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    folder = written(tmp_path, files)
    with (folder / "train.jsonl").open("ab") as file:
        file.write(b'{"id": "\xff"}\n{"id": \n[1]\n')
    write_checksums(folder)
    told = faults(folder)
    assert "train.jsonl:2: bukan UTF-8" in told
    assert "train.jsonl:3: bukan JSON" in told
    assert "train.jsonl:4: bukan objek" in told
    assert "train-1" not in told


def test_what_is_not_a_file_of_posts_is_named(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["voices.jsonl"].append(files["voices.jsonl"][0])
    folder = written(tmp_path, files)
    (folder / "saya.jsonl").write_text("bukan json\n")
    write_checksums(folder)
    assert "saya.jsonl: tidak dibaca" in faults(folder)
    (folder / "saya.jsonl").unlink()
    (folder / "dev.jsonl").write_bytes(b"\xef\xbb\xbf" + (folder / "dev.jsonl").read_bytes())
    write_checksums(folder)
    assert "dev.jsonl:1: simpan sebagai UTF-8 tanpa BOM" in faults(folder)
    written(tmp_path, files)
    assert "tiap suara satu baris" in faults(folder)


def test_a_changed_file_does_not_match_its_checksum(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    folder = written(tmp_path, files)
    (folder / "extra.jsonl").write_text("")
    (folder / "dev.jsonl").write_text("")
    told = faults(folder)
    assert "dev.jsonl tidak cocok" in told
    assert "extra.jsonl tidak tercatat" in told


def test_second_readings_are_complete_and_settled(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    readings = files["second_reading.jsonl"]
    readings[0]["second"]["stance"] = "oppose"
    readings[1]["settled"]["stance"] = "support"
    readings[2]["second"] = {"stance": "yes"}
    del readings[3]
    told = faults(written(tmp_path, files))
    assert "train-1" not in told, "a disagreement that was settled is no fault"
    assert "dev-1: label unggahan bukan label yang diputuskan" in told
    assert "test-1: first, second, dan settled" in told
    assert "c-0: belum dibaca untuk kedua kali" in told


def test_what_both_readers_say_stands(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    reading = files["second_reading.jsonl"][0]
    reading["second"]["asn"] = "likely"
    reading["settled"]["stance"] = "support"
    files["train.jsonl"][0]["gold"]["stance"] = "support"
    files["train.jsonl"][0]["meta"]["group"] = "partisan_other"
    told = faults(written(tmp_path, files))
    assert "second_reading.jsonl:1: train-1: kedua pembaca sepakat soal stance" in told


def test_kappa_is_recomputed_from_the_raw_readings(
    tmp_path: Path, files: dict[str, list[Row]]
) -> None:
    files["second_reading.jsonl"][3]["second"] = {"stance": "none", "asn": "none"}
    report = check_folder(written(tmp_path, files))
    stance = report.agreement["overall"]["stance"]
    assert stance == {"kappa": 0.0, "differ": 1}
    assert report.agreement["overall"]["asn"]["kappa"] is None


def test_a_voice_needs_a_card(tmp_path: Path, files: dict[str, list[Row]]) -> None:
    files["voices.jsonl"][0]["voice"] = "somebody"
    told = faults(written(tmp_path, files))
    assert "suara cv-a tanpa kartu" in told
    assert "suara somebody tanpa unggahan" in told


def test_the_command_says_what_is_wrong(
    tmp_path: Path, files: dict[str, list[Row]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, files)
    assert main(["check-data", str(folder), "--json", str(tmp_path / "report.json")]) == 0
    assert "LULUS" in capsys.readouterr().out
    assert json.loads((tmp_path / "report.json").read_text())["faults"] == []
    (folder / "dev.jsonl").write_text("")
    assert main(["check-data", str(folder)]) == 1
    assert "DITOLAK" in capsys.readouterr().out
    missing = str(tmp_path / "tidak")
    for more in ([], ["--write-checksums"]):
        assert main(["check-data", missing, *more]) == 2
        assert "folder tidak ada" in capsys.readouterr().err
    assert main(["check-data", str(folder), "--json", f"{missing}/r.json"]) == 2
    told = capsys.readouterr()
    assert "DITOLAK" in told.out
    assert "laporan tidak dapat ditulis" in told.err
