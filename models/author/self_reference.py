"""Is a word in running text said of oneself? "saya PNS" is; "gaji PNS naik" is not."""

import re
from enum import IntEnum

_I = (
    r"(?:saya|sy|aku|ak|aq|gue|gua|gw|gwa|ane|ana|kami|kita|kulo|kula|inyong|nyong|dalem|"
    r"awakdewe|awak dewe|"
    r"abdi|urang|kuring|simkuring|ambo|awak|denai|ulun|unda|beta|katong|torang|kitorang|"
    r"kitong|sa|iyya|"
    r"nakke|tiang|titiang|au|hami|loen|lon|kamoe|engkok|sengko|bulek|bude|ibuk|bu guru|pak guru)"
)
# Words that may stand between "I" and what I am: "saya ini kan cuma pegawai".
_LINK = (
    r"(?:yang|yg|ini|iki|nih|seorang|sbg|sebagai|selaku|adalah|juga|jg|kan|cuma|cuman|hanya|"
    r"sih|mah|teh|para|dari|"
    r"kerja|kerjo|bekerja|dinas|bertugas|tugas|ngajar|mengajar|ngantor|di|nang|ning|ing|neng|"
    r"pada|staf|staff|pegawai|"
    r"guru|dosen|perawat|bidan|orang|wong|jelema|urang|sesama|sudah|udah|udh|dah|wis|masih|"
    r"msh|jadi|dadi|baru|kita|ya|yo|pun|"
    r"sama|semua|tim|keluarga|besar|mewakili|atas|nama|karena|krn|status|statusnya|emang|"
    r"memang|bener2|bukan|tetap|"
    r"sebuah|salah|satu|kepala|ketua|seksi|bagian|bidang|anak|kecil|biasa|rendahan|golongan|"
    r"ini2|mau|udah2|lagi|abis|habis|"
    r"selesai|usai|bagi|sebelum|bar|mari|ikut|wajib|harus|dilantik|diangkat|terima|nerima|"
    r"dapat|dpt|punya|pakai|pake|kena|kerjanya)"
)
_BEFORE = re.compile(rf"(?<![a-z]){_I}[\s,]+(?:{_LINK}[\s,:]+){{0,5}}$")
_AS_ONE = re.compile(
    r"(?:^|[\s,(\"])(?:sebagai|selaku|sbg|sbgai|mewakili|jadi|dadi|atas nama|kita sesama|"
    r"sesama|namanya juga|"
    r"mumpung|meski|meskipun|walau|walaupun|biar|biarpun|senajan|sanajan|nasib|derita|resiko|"
    r"risiko|suka duka|curhatan|"
    r"kami dari|keluarga besar|segenap|rekan|kawan|teman2|temen2|teman|"
    r"temen)[\s:]+(?:(?:seorang|sesama|abdi|pegawai|guru|para|"
    r"rekan|jadi|juga|kerja|kerja di)\s+){0,3}$"
)
_AFTER = re.compile(
    rf"^[\s,]*(?:[a-z]+[\s,]+){{0,3}}?(?:kami|kita|saya|sy|gue|gw|ku|aku|ane|mami|kulo|awak|"
    rf"ambo|beta|kayak {_I}|kyk {_I}|seperti {_I}|macam {_I}|model {_I}|"
    rf"spt {_I}|kaya {_I}|koyo {_I}|tempat {_I}|sekaligus|sini)(?![a-z])"
)
_ANY = re.compile(rf"(?<![a-z]){_I}(?![a-z])|(?<=[a-z]{{3}})ku(?![a-z])")
_CLAUSE = re.compile(r"[.!?\n;|]+")
_REACH = 70


# Where "I" is left out, little words still show that one's own day is told.
_TOLD = re.compile(
    r"(?<![a-z])(?:juga|jg|oge|ugo|pun|mah|ki|iki|yo|nih|ini|ieu|nasib|hidup|derita|demi|"
    r"cuma|mung|hanya|besok|isuk|isukna|"
    r"esok|tadi|mau pulang|barusan|habis|abis|sehabis|selesai|bubar|sudah|udah|udh|wis|su|"
    r"geus|masih|baru|turun|cair|tahun|taun|"
    r"kecil|rendahan|biasa|manusia|manusa|menungso|sini|awak|ngajar|mengajar|jaga|piket|lembur|"
    r"bismillah|alhamdulillah|catatan|curhat|status|gaji pertama|jangan pake|jgn pake|jangan pakai|"
    r"gak boleh komen|ga boleh komen|dilarang komen|ora oleh komen|besoknya|deui|teu meunang|"
    r"seragam|pakai|pake|dompet|lemari|meja|kantor|kelas)(?![a-z])"
)
# ... unless the sentence speaks of them as of others.
_OF_OTHERS = re.compile(
    r"(?<![a-z])(?:oknum|para|kalian|mereka|netralitas|dilaporkan|diduga|ditangkap|bawaslu|"
    r"pemerintah akan|menteri|presiden|"
    r"bkn|kasn|mendagri|kemenpan|harus netral|wajib netral|jumlah|rekrutmen|seleksi|formasi|"
    r"janji|program|naikkan|kenaikan|ribu|juta|seluruh|semua|dukung|mendukung)(?![a-z])"
)
_TOLD_REACH = 45


class SelfLevel(IntEnum):
    """How strongly a word in running text is said of oneself."""

    NONE = 0
    LOOSE = 1
    STRICT = 2


def self_level(text: str, start: int, end: int) -> SelfLevel:
    """Judge the words `text[start:end]` of a folded text.

    STRICT: "saya PNS", "sebagai ASN, ...", "PNS kayak saya", "puskesmas kami". LOOSE: a word for
    oneself stands in the same sentence, within 70 characters. NONE: neither.
    """
    before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    after = _CLAUSE.split(text[end : end + _REACH], maxsplit=1)[0]
    if text[end - 2 : end] == "ku" and end - start > 4:
        return SelfLevel.STRICT
    if _BEFORE.search(before) or _AFTER.match(after):
        return SelfLevel.STRICT
    near_self = _ANY.search(before) is not None or _ANY.search(after) is not None
    if _AS_ONE.search(before):
        return SelfLevel.STRICT if near_self else SelfLevel.LOOSE
    return SelfLevel.LOOSE if near_self else SelfLevel.NONE


def left_out_self(text: str, start: int, end: int) -> bool:
    """Tell whether the words `text[start:end]` may be said of oneself without any "I"."""
    before = _CLAUSE.split(text[max(0, start - _TOLD_REACH) : start])[-1]
    after = _CLAUSE.split(text[end : end + _TOLD_REACH], maxsplit=1)[0]
    around = f"{before} {after}"
    return _TOLD.search(around) is not None and _OF_OTHERS.search(around) is None
