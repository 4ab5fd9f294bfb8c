"""The Indonesian words for what the service speaks of: *dugaan*, *kandidat*, *saran*."""

from monitor.domain import CaseStatus, DecisionKind, Role

STATUSES: dict[str, str] = {
    CaseStatus.NEW: "baru",
    CaseStatus.LEASED: "sedang ditinjau",
    CaseStatus.NEEDS_INFO: "perlu informasi",
    CaseStatus.ESCALATED: "dieskalasi",
    CaseStatus.CONFIRMED: "menunggu persetujuan",
    CaseStatus.APPROVED: "disetujui",
    CaseStatus.DISMISSED: "dikesampingkan",
    CaseStatus.DUPLICATE: "duplikat",
    CaseStatus.HANDED_OFF: "diteruskan",
    CaseStatus.CLOSED: "selesai",
}
DECISIONS: dict[str, str] = {
    DecisionKind.CONFIRM: "layak dilanjutkan",
    DecisionKind.DISMISS: "dikesampingkan",
    DecisionKind.ESCALATE: "dieskalasi",
    DecisionKind.DUPLICATE: "duplikat",
    DecisionKind.NEEDS_INFO: "perlu informasi",
}
ROLES: dict[str, str] = {
    Role.ANALYST: "analis",
    Role.SUPERVISOR: "penyelia",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "auditor",
    Role.SERVICE: "layanan",
}
PLATFORMS = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "threads": "Threads",
    "telegram": "Telegram",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "web": "situs web",
    "other": "lainnya",
}
FIELDS = {
    "author.handle": "nama akun",
    "author.name": "nama",
    "author.bio": "bio",
    "author.location": "lokasi",
    "text": "teks unggahan",
    "media_alt": "keterangan gambar",
    "reply_to": "teks yang dijawab",
}
ASN_LABELS = {
    "explicit": "disebut terang-terangan",
    "likely": "tersirat dari tempat kerja",
    "none": "tidak tampak",
}
STANCES = {
    "support": "mendukung peserta",
    "oppose": "menentang peserta",
    "none": "tidak memihak",
}
ASN_KINDS = {
    "status_word": "sebutan status ASN",
    "structural_post": "jabatan pemerintahan",
    "state_school": "sekolah negeri",
    "school_staff": "tenaga pendidik",
    "state_health": "fasilitas kesehatan pemerintah",
    "agency": "instansi pemerintah",
    "state_university": "perguruan tinggi negeri",
    "email_domain": "alamat surel pemerintah",
    "civil_service_term": "istilah kepegawaian",
    "office_life": "kegiatan kantor pemerintah",
    "uniform_caption": "seragam dinas",
}
# What may speak for the author, by kind: of the post, then of the profile.
COUNTERS = {
    "quotation": "mengutip ucapan orang lain",
    "negation": "menyangkal, menolak, atau mengajak tidak memihak",
    "question": "bertanya soal aturan atau jadwal",
    "news_sharing": "membagikan berita, hasil hitung, atau pengumuman",
    "official_duty": "menjalankan tugas resmi atau ikrar netral",
    "reporting": "menyebut atau melapor kepada pengawas pemilu",
    "congratulation": "ucapan selamat setelah hasil ditetapkan",
    "other_person_asn": "membicarakan ASN lain, bukan dirinya",
    "sarcasm": "mungkin menyindir: pujian bisa berarti sebaliknya",
    "retired": "pensiunan",
    "spouse": "keluarga ASN, bukan ASN",
    "applicant": "pelamar atau calon ASN",
    "honorer": "honorer, bukan ASN",
    "private_school": "bekerja di sekolah swasta",
    "village_official": "perangkat desa, bukan ASN",
    "military_police": "TNI atau Polri, bukan ASN",
    "parody": "akun parodi",
    "politician": "pejabat politik, bukan ASN",
    "media": "akun media",
    "state_company": "pegawai BUMN/BUMD, bukan ASN",
    "about_others": "membicarakan ASN lain",
    "addressed": "menyapa pejabat, bukan menyebut diri",
    "journalist": "pewarta, bukan ASN",
    "nearby": "berada di dekat kantor, bukan pegawainya",
    "other_work": "menyebut pekerjaan lain",
}
EVIDENCE = {
    "post_as_received": "Unggahan dan profil sebagaimana diterima",
    "post_seen_later": "Unggahan setelah disunting, sebagaimana terlihat kemudian",
}
PRESENCE = {
    "edited": "Unggahan ini sudah disunting sejak ditandai; keduanya tersegel di bawah.",
    "missing": "Unggahan ini tidak lagi tampak di platformnya.",
    "restored": "Unggahan ini sempat tidak tampak, lalu tampak lagi.",
}
SOURCE_STATES = {"active": "aktif", "paused": "dijeda"}
SOURCE_KINDS = {
    "sample": "unggahan karangan untuk berlatih",
    "public": "laporan masyarakat",
    "filedrop": "folder berkas",
}
REPORT_STATUSES = {
    "received": "diterima",
    "needs_fetch": "menunggu isi tautan",
    "looking": "sedang diperiksa",
    "case": "menjadi kasus",
    "refused": "tidak diproses",
}
COUNTS = {
    "received": "diterima",
    "new": "baru",
    "duplicate": "sudah pernah diterima",
    "refused": "ditolak karena bentuknya keliru",
    "stopped_at_gate": "tanpa tanda ASN (tidak disimpan)",
    "passed_gate": "lolos penyaring tanda ASN",
    "scored": "sudah dinilai",
    "not_asn": "setelah dinilai: bukan ASN (tidak disimpan)",
    "unflagged": "tanda ASN ada, keberpihakan tidak tampak",
    "flagged": "menjadi kandidat kasus",
}


def named(names: dict[str, str], key: str) -> str:
    """A kind this version does not know is shown by its own name rather than hidden."""
    return names.get(key, key.replace("_", " "))


def risk_word(risk: float | None) -> str:
    if risk is None:
        return "belum dinilai"
    return "tinggi" if risk >= 0.8 else "sedang" if risk >= 0.5 else "rendah"
