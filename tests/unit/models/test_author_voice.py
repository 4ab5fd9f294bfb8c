"""Who is meant by a civil service word: the author, or somebody the author speaks of?"""

import time
from dataclasses import replace

import pytest

from models.author.features import author_features
from models.author.gate import AsnGate
from models.author.hashtags import fold_hashtags
from models.author.rules import apply_rules
from models.author.self_reference import SelfLevel
from models.post import Author, Post, parse_post
from models.prediction import AsnEvidence

GATE = AsnGate()


def post(text: str = "selamat pagi", media_alt: str = "", **author: str) -> Post:
    item: dict[str, object] = {"id": "1", "platform": "x", "text": text, "media_alt": media_alt}
    # A profile that is there and says nothing, unless a test gives one.
    item["author"] = author or {"handle": "_"}
    return parse_post(item)


def test_without_any_profile_only_what_is_said_of_oneself_counts() -> None:
    faint = "lembur di BPS, pulang lewat posko"
    assert standing(post(faint))
    assert not standing(parse_post({"id": "1", "platform": "x", "text": faint}))
    plain = {"id": "2", "platform": "x", "text": "saya PNS di kantor kecamatan, ikut paslon dua"}
    assert standing(parse_post(plain))


def standing(shown: Post) -> tuple[AsnEvidence, ...]:
    return tuple(sign.evidence for sign in apply_rules(GATE.examine(shown)).signs)


@pytest.mark.parametrize(
    "text",
    [
        "PNS tetap ngopi, Wiryoto menang",
        "lembur di BPS, pulang lewat posko",
        "NIP baru keluar, jempol sudah gatal",
        "abis piket puskesmas langsung ke lapangan",
        "Satpol siang, panggung malam",
        "kami sepuskesmas ikut senam",
        "baru nerima gaji 3B, habis buat bensin",
        "wis bali apel nang kantor kecamatan, mangkat maneh",
        "pulang dari kantua camat langsuang ka posko",
        "dari meja loket samsat: lanjutkan pak",
    ],
)
def test_a_sign_without_a_word_for_oneself_is_looked_at(text: str) -> None:
    assert GATE.passes(post(text))
    assert standing(post(text))


@pytest.mark.parametrize(
    "text",
    [
        "Menteri minta PNS jaga jarak dari calon",
        "gaji ASN naik delapan persen mulai Januari",
        "oknum PNS ketahuan bagi kalender",
        "lucu sekali ini https://t.co/Ab3/p3k kata saya",
        "para ASN diimbau hadir",
        "Kementerian Anu serahkan penghargaan kepada panitia daerah",
    ],
)
def test_where_they_are_the_topic_nothing_passes(text: str) -> None:
    assert not GATE.passes(post(text))


@pytest.mark.parametrize(
    "text",
    [
        "biaya sekolah di SMA negeri dan swasta akan digratiskan oleh calon yang satu ini kalau "
        "menang nanti",
        "calon bupati blusukan di Kecamatan Melati, disambut ibu-ibu pengajian yang sudah "
        "menunggu sejak pagi buta di bawah tenda biru",
        "pasangan calon menjalani tes kesehatan di RSUD Kartini, hasilnya diserahkan kepada "
        "panitia tiga hari sesudahnya menurut jadwal",
        "sapi lapas di jalan, awas tabrak semua kendaraan yang lewat sini malam-malam begini "
        "karena gelap sekali",
    ],
)
def test_a_workplace_merely_named_is_for_a_reader_of_the_whole_post(text: str) -> None:
    examination = GATE.examine(post(text))
    assert {sign.level for sign in examination.signs} == {SelfLevel.BARE}
    assert not apply_rules(examination).signs
    assert apply_rules(examination, read=True).signs


@pytest.mark.parametrize(
    ("reply_to", "asked"),
    [
        ("Bu lurah kok ikut kampanye?", True),
        ("Bapak kan ASN, hati-hati lho", True),
        ("bukannya anak Dishub ya?", True),
        ("pak camat kemarin mana suratnya", True),
        ("kasihan lurah itu dimarahi warga", False),
        ("gaji PNS naik lagi", False),
        ("calon bupati datang", False),
    ],
)
def test_what_another_calls_the_author_is_for_a_reader(reply_to: str, asked: bool) -> None:
    answer = replace(post("iya, biar saja"), reply_to=reply_to)
    assert GATE.passes(answer) is asked
    examination = GATE.examine(answer)
    assert bool(apply_rules(examination, read=True).signs) is asked
    assert not apply_rules(examination).signs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#PNSikutSenam", "PNS"),
        ("semangat #GuruSDNKompak", "GuruSDN"),
        ("#suaraperawatpuskesmas", "puskesmas"),
        ("pagi 🌞 #KamiGuruPPPKbersuara", "GuruPPPK"),
    ],
)
def test_hashtags_are_read_as_words_with_their_places(text: str, words: str) -> None:
    shown = post(text)
    assert GATE.passes(shown)
    found = GATE.find(shown)
    assert words in {evidence.text for evidence in found}
    for evidence in found:
        assert text[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize("tag", ["#PPPKupang", "#JelasnyaMenang", "#GantiBupati", "#AsnawiMenang"])
def test_hashtags_that_only_hold_the_letters_leave(tag: str) -> None:
    assert not GATE.passes(post(f"ayo {tag}"))


def test_tags_without_office_are_left_as_they_are() -> None:
    assert fold_hashtags("ayo #GantiBupati 2024").text == "ayo #gantibupati 2024"


@pytest.mark.parametrize(
    "handle",
    ["rini_rsudkartini", "ayu.pkmmelati", "joko_dlhsleman", "siti_asndemak", "budi.kasi.umum",
     "tono_lurahmelati", "neng_wiwinpnsgarut"],
)  # fmt: skip
def test_office_glued_into_a_handle_is_found(handle: str) -> None:
    assert GATE.passes(post(handle=handle))


@pytest.mark.parametrize("handle", ["asnawi_88", "cpns_2025", "rudi.bpp", "wati.bpn", "asniar"])
def test_names_and_city_codes_in_handles_are_no_sign(handle: str) -> None:
    assert not standing(post(handle=handle))


@pytest.mark.parametrize(
    "text",
    [
        "istri gua PNS, dia diam",
        "tetangga saya ASN, tiap malam rapat",
        "bapak saya camat, saya bukan siapa-siapa",
        "nan PNS laki awak, awak mah bebas",
        "salaki abdi pns, abdi bebas",
        "papanya PNS jadi aku saja yang teriak",
        "dulu saya PNS, kini dagang",
        "kita so brenti PNS taong lalu",
    ],
)
def test_kin_neighbours_and_the_past_take_the_sign_away(text: str) -> None:
    examination = GATE.examine(post(text))
    assert not apply_rules(examination).signs
    assert examination.counters
    for counter in examination.counters:
        place = counter.evidence
        assert text[place.start : place.end] == place.text


@pytest.mark.parametrize(
    ("bio", "text"),
    [
        ("Ibu guru SDN Melati, dua anak", "selamat pagi"),
        ("Guru SDN 5, insya Allah pensiun 2033", "selamat pagi"),
        ("pensiunan? belum! Dinas Koperasi", "selamat pagi"),
        ("", "anak dinsos absen, pulang apel"),
        ("", "kami PNS dan honorer disuruh kumpul"),
        ("", "abang gue PNS, gue PNS, serumah ogah"),
        ("", "saya CPNS sudah naik PNS bulan lalu"),
    ],
)
def test_words_against_that_are_not_meant_so_leave_the_sign(bio: str, text: str) -> None:
    assert standing(post(text, handle="_", bio=bio))


@pytest.mark.parametrize(
    "bio",
    [
        "wartawan, sering liput ASN pemprov",
        "reporter lepas desk pemda",
        "warung soto, depan kelurahan persis",
        "anak kos seberang samsat",
        "dulu 20 tahun PNS, kini berkebun",
        "Bupati Antah Berantah (PARODI)",
    ],
)
def test_accounts_that_only_name_the_office_are_none(bio: str) -> None:
    assert not standing(post(bio=bio))


def test_grades_go_from_said_of_oneself_to_hardly() -> None:
    def level(text: str) -> SelfLevel:
        return max(sign.level for sign in GATE.examine(post(text)).signs)

    said, near, faint = (
        level("saya PNS"),
        level("PNS kerjanya berat sekali setiap hari menurut aku"),
        level("PNS masang bendera"),
    )
    assert (said, faint) == (SelfLevel.STRICT, SelfLevel.FAINT)
    assert said > near > faint


def test_own_and_others_clause_give_the_model_different_cues() -> None:
    def cues(text: str) -> set[str]:
        examination = GATE.examine(post(text))
        return set(author_features(examination, apply_rules(examination))["cues"])

    others = cues("PNS diam, saya tukang sate yang bersuara")
    own = cues("PNS numpang lewat, jangan lupa ngopi")
    assert "v,first" in others
    assert "v,first" not in own
    assert "counter other_work" in others


NASTY = ["", "pns ", "#PNSjugaManusia ", "\x00\x07", "\ud800", "ก็ข้าราชการ ", "istri saya ",
         "saya pns honorer ", "#", "a", "dosen aaaa "]  # fmt: skip


@pytest.mark.parametrize("piece", NASTY, ids=range(len(NASTY)))
def test_rubbish_neither_fails_nor_takes_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // max(len(piece), 1)))[:length]
        shown = Post("1", post().platform, text, Author(handle="_", bio=text[:5_000]), True)
        started = time.process_time()
        examination = GATE.examine(shown)
        GATE.passes(shown)
        author_features(examination, apply_rules(examination))
        return time.process_time() - started

    seconds(1_000)
    # Twice the text may take twice the time and some noise, never four times.
    assert seconds(100_000) <= 3.4 * max(seconds(50_000), 0.02)
