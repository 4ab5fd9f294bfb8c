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


# Where civil servants are the topic: news, appeals, plans, complaints about them as a group.
_TOPIC_BEFORE = re.compile(
    r"(?<![a-z])(?:oknum|netralitas|rekrutmen|seleksi|formasi|jumlah|ribuan|ratusan|puluhan|"
    r"menteri|bkn|kasn|gaji|tunjangan|thr|kepada|terhadap|imbau|himbau|mengimbau|larang|melarang|"
    r"minta|meminta|ingatkan|mengingatkan|kesejahteraan|nasib para|mutasi|promosi)\s+"
    r"(?:[a-z]+\s+){0,2}$|(?<![a-z])(?:para|kalian|mereka|semua|seluruh|banyak|sejumlah|"
    r"beberapa|sebagian|dua|tiga|empat|lima|tni dan|polri dan|tni polri|tni,? polri,?)\s+$"
)
_TOPIC_NEAR = re.compile(
    r"(?<![a-z])(?:oknum|netralitas|dilaporkan|diduga|ditangkap|dipanggil bawaslu|mendagri|"
    r"menpan[a-z]*|kemenpan[a-z]*|kasn|harus netral|wajib netral|dilarang|terbukti|sanksi|"
    r"melanggar|pemerintah akan|kenaikan|naikkan|menaikkan|dinaikkan|naik lagi|rekrutmen|"
    r"tersangka|korupsi)(?![a-z])"
)
# What somebody does who works there, right before the place; visitors and candidates come "to" it.
_AT_WORK = re.compile(
    r"(?<![a-z])(?:(?:ke?r[jy]o?a?|kerje|bekerja|karja|gawe|megae|alako|keurija|piket|jaga|jogo|"
    r"njogo|njaga|lembur|apel|absen|shift|sif|ngantor|dines|tugas|bertugas|patroli|pulang|mulih|"
    r"balik|bar|bubar|mari|mare|suud|beres|habis|abis|bis|usai|selesai|salasai|kelar|lepas|turun|"
    r"rapat|staf|staff|pegawai|pagawe|pagawai|pegawe|petugas|operator|admin|loket|meja|ruang|"
    r"ruangan|gudang|pantry|pantri|layar|videotron|seragam|rompi|ketik|ngetik|guru|ngajar|mengajar|mulang|kepala|kepsek|operator|tu|diketik|ditulis|entri|"
    r"input|nyatet|istirahat|prei|layanan|pelayanan|sela-sela|balai|ijin|izin|sekantor|satu ruang|"
    r"menjabat|dinas)"
    r"[\s,]+(?:[a-z0-9-]+[\s,]+){0,3}|(?:anak|arek|cah|barudak|budak|buhan|tim|rekan|konco|kanca|"
    r"kanti|dari|ti|seko|soko|saking|uling|dr|mang|reng|wong|urang|orang|salam|laporan|suara|"
    r"catatan|kantor|kantua|kantoe)[\s,]+(?:(?:dari|kantor|ti|di|loket|meja|para)[\s,]+){0,2})$"
)
_AT_WORK_AFTER = re.compile(
    r"^[\s,:]*(?:kompak|lapor|melapor|siap|hadir|absen|piket|netral|mati lampu|juga manus|jua|"
    r"begadang|lembur|solid|bersuara|bilang|pamit|tutup jam)"
)
# A post this short that opens or ends with a state office names it as a signature.
_SHORT = 90


class SelfLevel(IntEnum):
    """How strongly a word in running text is said of oneself.

    FAINT is no more than a place worth a look: only the author model may tell it apart. BARE is
    a workplace named with nothing beside it: only who reads the whole post can tell whose it is.
    """

    NONE = -1
    BARE = 0
    FAINT = 1
    LOOSE = 2
    STRICT = 3


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


def maybe_of_oneself(text: str, start: int, end: int, *, workplace: bool) -> SelfLevel:
    """Grade `text[start:end]` where nothing says of whom it is told.

    NONE where civil servants are the topic (news, appeals, pay), else FAINT; but a `workplace`,
    which every citizen names as well, is BARE without a word of work beside it or a very short
    post.
    """
    before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    after = _CLAUSE.split(text[end : end + _REACH], maxsplit=1)[0]
    if _TOPIC_BEFORE.search(before) or _TOPIC_NEAR.search(f"{before} {after}"):
        return SelfLevel.NONE
    if not workplace or _AT_WORK.search(before) or _AT_WORK_AFTER.match(after):
        return SelfLevel.FAINT
    signature = len(text) <= _SHORT and not (text[:start].strip() and text[end:].strip(" .!#"))
    return SelfLevel.FAINT if signature else SelfLevel.BARE


# "Bu Lurah, kok ...?", "Bapak kan ASN", "bukannya anak Dishub?": said to the author by another.
_ADDRESS = re.compile(
    r"(?<![a-z])(?:bu|ibu|pak|pa|bapak|bapa|bpk|mas|mbak|kak|kakak|bang|abang|om|min|mimin|admin|"
    r"teh|kang|uda|uni|bli|mbok|ko|koh|ci|cik|daeng|puang)\s+$"
)
_TOLD_TO = re.compile(
    r"(?<![a-z])(?:kan|khan|bukan|bukannya|bukane|bukannye|sanes|lain|dudu|kamu|km|anda|lo|lu|elo|"
    r"sampeyan|panjenengan|situ|ente|kau|ko|bapak|bapa|pak|ibu|bu|kakak|kak|abang|bang|mpok|mas|"
    r"mbak|sebagai|selaku|status|masih|katanya|udah|sudah|jadi)\s+(?:[a-z]+\s+){0,2}$"
)


def said_to_author(text: str, start: int, end: int, *, post: bool) -> bool:
    """Tell whether `text[start:end]` of a replied-to text names what the author is.

    A `post` ("lurah", "kabid") counts after a form of address, any other word after one that asks
    or reminds.
    """
    before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    if post and _ADDRESS.search(before):
        return True
    return _TOLD_TO.search(before) is not None
