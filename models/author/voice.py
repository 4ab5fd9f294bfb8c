"""Who speaks around a sign in the post: the author of him- or herself, or of others?

Classes of little words in Indonesian and the regional languages, told by where they stand
toward the sign. They decide nothing; the author model weighs them.
"""

import re

_CLAUSE = re.compile(r"[.!?\n;|:]+")
_WORD = re.compile(r"[a-z0-9'-]+")
_REACH = 70
_NEXT = 3


def _words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


# Class of word -> the words of it. What ends in "ku" ("mejaku") is "first" as well.
CLASSES: dict[str, frozenset[str]] = {
    "first": _words(
        "saya sy aku ak aq gue gua gw gwe ane ana kami kulo kula inyong nyong dalem abdi kuring "
        "simkuring uing aing ambo denai den awak aye saye beta katong torang kitorang kitong sa "
        "iyya nakke tiang titiang icang cang au ahu hami lon loen kamoe engko' engkok sengko "
        "sengko' ulun unda b tong kita botong"
    ),
    "third": _words(
        "dia ia mereka dorang dong dia2 pada podo do kalian situ lu lo elu elo ente kowe sampeyan "
        "maneh anda ngoni ose kam de beliau inyo inya ngana droe jih gobnyan"
    ),
    "plural": _words(
        "para semua kabeh sadonyo sadaya sekantor sekota sekecamatan sekabupaten banyak beberapa "
        "dua tiga empat puluhan ratusan ribuan oknum sejumlah kaum rombongan barisan deretan "
        "bapak-bapak ibu-ibu bapak2 ibu2 abang-abang bubuhan samua sude mandum"
    ),
    "kin": _words(
        "istri suami bojo bojoku bini laki salaki pamajikan maitua paitua lakkai lakkaikku misoa "
        "suamiku istriku bapak ibu mama papa ayah nyokap bokap anak adik kakak sepupu mertua "
        "tetangga teman temen temenku temanku tetanggaku dosenku guruku papi mami"
    ),
    "seen": _words(
        "lihat liat tuh noh lucu kasihan kasian denger dengar katanya jarene jare cenah ceunah "
        "konon ketahuan kepergok terciduk ngumpet sembunyi mingkem bungkam diam bisik-bisik wedi "
        "takut mabiar disuruh dikerahkan dikerahin digiring dipaksa pura-pura pura2 dititah"
    ),
    "news": _words(
        "bawaslu kpu menteri presiden gubernur bupati walikota kemenpan bkn kasn dipanggil "
        "dilaporkan diduga terbukti klarifikasi sidang sanksi netralitas liputan liput redaksi "
        "warta kabar berita menurut kata ujar imbau himbau larang dilarang aturan peraturan "
        "anggaran janji program tunjangan gaji thr cair kenaikan formasi seleksi rekrutmen"
    ),
    "visit": _words(
        "ngantri antri antre ngantre antrian nunggu ngurus urus bikin buat daftar periksa berobat "
        "lewat depan sebelah dekat seberang tes kunjungan meninjau menghadiri blusukan bertemu "
        "digelar bertempat berlokasi alamat wilayah desa warga"
    ),
    "ask": _words(
        "apa apakah opo siapa sapa sopo saha kenapa naha gimana bagaimana piye boleh oleh bisa "
        "nanya tanya takon batakun serius min"
    ),
    "duty": _words(
        "jaga njaga njogo jogo piket lembur shift sif apel absen masuk pulang mulih balik bubar "
        "bar abis habis kelar selesai beres usai kerja kerjo bekerja ngantor tugas dines loket "
        "meja ruang ruangan kantor seragam rompi laporan salam suara catatan cuti staf staff "
        "pegawai honor potong kepotong telat tukin tpp skp absen"
    ),
    "not": _words(
        "bukan bkn tidak tak gak ga nggak enggak ora dudu sanes lain indak ndak sonde seng tra nda "
        "hana kada sing ten mboten belum blm teu henteu dang"
    ),
    "then": _words("dulu dulunya biyen mbiyen baheula mantan eks bekas pernah riolo dolo"),
    "but": _words("tapi tp tapi2 cuma cuman mar ning nanging bari sanajan meski walau mah untung"),
}
_OF = {word: name for name, words in CLASSES.items() for word in words}


def voice_cues(text: str, start: int, end: int) -> list[str]:
    """Return cues on the clause, the sentence and the post around `text[start:end]`.

    `text` is folded; only the nearest 70 characters on each side are read for the place.
    """
    before = text[max(0, start - _REACH) : start]
    after = text[end : end + _REACH]
    left = _CLAUSE.split(before)[-1]
    right_clause = _CLAUSE.split(after, maxsplit=1)[0]
    right, *rest = right_clause.split(",", 1)
    left_words, right_words = _WORD.findall(left), _WORD.findall(right)
    cues = [f"v<{name}" for name in _classes(left_words)]
    cues += [f"v>{name}" for name in _classes(right_words)]
    cues += [f"v<1{name}" for name in _classes(left_words[-1:])]
    cues += [f"v>1{name}" for name in _classes(right_words[:1])]
    cues += [f"v<<{name}" for name in _classes(left_words[-_NEXT:])]
    cues += [f"v>>{name}" for name in _classes(right_words[:_NEXT])]
    # "PNS diam, saya yang bicara": the clause after the comma is of somebody else
    cues += [f"v,{name}" for name in _classes(_WORD.findall(rest[0])[:4] if rest else [])]
    stop = after[len(right_clause) : len(right_clause) + 1]
    cues.append(f"vstop{stop}" if stop in "?!:." else "vstop")
    cues.append(f"vleft{min(len(left_words), 3)}" if left == before else "vleft clause")
    if not before.strip(" #@\"'"):
        cues.append("vstart")
    if not after.strip(" .!#"):
        cues.append("vend")
    if before.rstrip()[-1:] in ("(", '"', "'", "\u201c", "-", ":"):
        cues.append(f"vafter{before.rstrip()[-1:]}")
    cues.append("vnext," if rest else "vnext")
    return cues


def post_cues(text: str) -> list[str]:
    """Return cues on a whole text: how often each class occurs, how long it is."""
    words = _WORD.findall(text[:2_000])
    counts: dict[str, int] = {}
    for word in words:
        name = _class(word)
        if name:
            counts[name] = counts.get(name, 0) + 1
    cues = [f"p {name} {min(number, 3)}" for name, number in counts.items()]
    cues.append(f"p words {min(len(words) // 8, 5)}")
    if "first" not in counts:
        cues.append("p no first")
    if "http" in text:
        cues.append("p link")
    return cues


def _class(word: str) -> str:
    name = _OF.get(word, "")
    if not name and len(word) > 4 and (word.endswith("ku") or word.startswith("ku")):
        return "first"
    return name


def _classes(words: list[str]) -> list[str]:
    return sorted({_class(word) for word in words} - {""})
