"""The model card of an artifact, written from its manifest and metrics and nothing else.

In Indonesian, for a lawyer as much as for a trainer: what it is for, what it rests on, what was
measured and how surely, where it fails, what was not tested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training import card_groups, card_results
from training.calibrate import (
    COST_MISSED,
    COST_MISSED_POST_ONLY,
    COST_WRONG,
    COST_WRONG_POST_ONLY,
)
from training.card_text import count, figure, table

_LINEAR_METHOD = """Penulis: temuan gerbang ASN (bidang, jenis, seberapa jauh dikatakan tentang diri
sendiri) dan potongan kata di sekitarnya; regresi logistik atas jelas, kemungkinan, tidak tampak,
sesudah aturan terang (pensiunan, pasangan, pelamar, honorer, sekolah swasta, parodi: tidak tampak).
Sikap: TF-IDF dari {words} dan dari potongan huruf, kelompok kata kampanye lintas bahasa;
regresi logistik atas mendukung, menentang, tidak memihak. Calon, partai, tempat, agama, sapaan,
dan nomor disamarkan sebelum apa pun dihitung. Dari unggahan nyata, model hanya memuat potongan
kata yang ada di lima unggahan atau lebih, tanpa akun dan tanpa tautan."""
_ENCODER_METHOD = """Di samping itu sebuah penyandi (encoder) kecil membaca unggahan sebagai
kalimat utuh: bobot awal yang sudah mengenal banyak bahasa, disetel pada data yang sama, disimpan
sebagai ONNX int8. Untuk menilai sikap ia tidak membaca nama, akun, atau tempat penulis."""
_COMMON_METHOD = """Ada dua nilai yang tidak pernah digabung diam-diam: *ASN* dan *memihak*,
masing-masing dengan bukti, ambang, dan kalibrasinya. Unggahan ditandai hanya bila keduanya mencapai
ambang (`thresholds.json`). `risk` adalah peluang bahwa peninjau akan membenarkan tanda. Ambang
dipilih pada unggahan yang ditahan dengan biaya yang dinyatakan: satu pelanggaran luput berbobot
{missed}, satu tanda keliru berbobot {wrong}; bila hanya isi unggahan (bukan profil) yang memberi
tanda ASN, {missed_post} dan {wrong_post}, dan ambangnya paling rendah nilai yang tidak dicapai 99
dari 100 kalimat karangan *tentang* ASN yang tidak dilihat model.""".format(
    missed=f"{COST_MISSED:g}",
    wrong=f"{COST_WRONG:g}",
    missed_post=f"{COST_MISSED_POST_ONLY:g}",
    wrong_post=f"{COST_WRONG_POST_ONLY:g}",
)
_NOT_TESTED = (
    "Di lapangan: belum ada keputusan peninjau Bawaslu atas tanda model ini.",
    "Label dibaca oleh model bahasa, bukan oleh analis Bawaslu; bahasa daerah belum diperiksa "
    "penutur aslinya.",
    "Isi gambar, suara, dan video: model hanya membaca tulisan.",
    "Akun palsu dan penyamaran identitas: tampak sebagai ASN bukan berarti ASN.",
    "Pemilihan sesudah 2024, calon dan istilah yang muncul kemudian.",
)
_LIMITS = (
    "Unggahan uji dikarang oleh penulis sejenis dengan unggahan latih; angkanya mengatakan "
    "seberapa baik pedoman label dipelajari, bukan apa yang terjadi di sebuah platform.",
    "Sindiran, nomor bersandi, dan julukan lokal sering luput.",
    "Angka per bahasa berdiri di atas sedikit unggahan.",
    "Tanda ASN yang tidak dikenal gerbang hilang untuk selamanya.",
    "Tindakan dengan sedikit contoh hanya dikenali dari kata kunci.",
    "Nama yang juga kata sehari-hari (PAN, RK) dapat keliru dikenali.",
)
_SOURCES = (
    {
        "name": "data/labeled",
        "licence": "CC BY 4.0",
        "use": "unggahan karangan, bagian dari proyek ini",
    },
    {"name": "Sastrawi", "licence": "MIT", "use": "kata dasar"},
    {"name": "scikit-learn, NumPy, SciPy", "licence": "BSD-3-Clause", "use": "melatih"},
)
# What a file was used for, as manifests put it.
_USES = {
    "fit, calibration by folds": "melatih; kalibrasi berlipat",
    "fit (author), posts by people who are no civil servants": "melatih: kalimat tentang ASN",
    "calibration, thresholds": "kalibrasi dan ambang",
    "fit (extra, real posts)": "melatih sikap (unggahan nyata)",
}
_EXTRA_SOURCE = {
    "name": "extra",
    "licence": "unggahan publik pihak ketiga; tidak disebarkan, hanya hash-nya dicatat",
    "use": "melatih sikap",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """Another artifact of the same making, for comparison; or the one the card is of."""

    reference: str
    metrics: Mapping[str, Any]
    active: bool = False


def render_card(
    manifest: Mapping[str, Any], metrics: Mapping[str, Any], variants: Sequence[Variant] = ()
) -> str:
    """Return the card as Markdown.

    `variants` are the artifacts its results are shown beside, itself among them. The manifest
    may bring `method` (paragraphs) and `sources` (name, licence, use) of its own.
    """
    reference = f"{manifest['name']}@{manifest['version']}"
    shown = variants or [Variant(reference, metrics)]
    parts = [
        f"# {reference}",
        _summary(metrics, reference, shown),
        _purpose(),
        _method(manifest),
        _data(manifest),
        _variants(shown),
        card_results.results(metrics),
        card_results.workload_view(metrics),
        card_results.calibration(metrics),
        card_results.baselines(metrics),
        card_results.stages(metrics),
        card_results.failure_kinds(metrics),
        card_groups.languages(metrics),
        card_groups.rates(metrics),
        card_groups.neutrality(metrics),
        card_groups.contrast(metrics),
        card_groups.robustness(metrics),
        card_results.background(metrics),
        _list("Bagaimana angka ini diperoleh", metrics.get("notes", ())),
        _list("Yang tidak diuji", [*manifest.get("not_tested", ()), *_NOT_TESTED]),
        _list("Batas", manifest.get("limits", _LIMITS)),
        _retrain(manifest),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(metrics: Mapping[str, Any], reference: str, variants: Sequence[Variant]) -> str:
    flag = metrics.get("test", {}).get("flag", {})
    active = next((one.reference for one in variants if one.active), None)
    used = ""
    if active:
        used = (
            " Model ini yang sedang dipakai."
            if active == reference
            else f" Yang sedang dipakai: {active}."
        )
    return (
        "**Ringkasan.** Model ini menimbang dua hal secara terpisah: apakah penulis unggahan "
        "menunjukkan diri sebagai ASN, dan apakah unggahannya berpihak. Penulis yang tidak "
        "menunjukkan diri sebagai ASN tidak dinilai sikapnya. Hasilnya *dugaan* untuk diperiksa "
        "orang, bukan putusan. Pada unggahan uji (karangan, bukan unggahan orang sungguhan): "
        f"presisi {figure(flag.get('precision'))}, recall {figure(flag.get('recall'))} (dalam "
        f"kurung: rentang 95%). Angka pada unggahan nyata bisa lebih rendah.{used}"
    )


def _purpose() -> str:
    return """## Untuk apa, dan bukan untuk apa

**Untuk** menyusun antrean: unggahan publik yang patut dilihat pengawas, beserta alasannya. Presisi
berarti: dari semua yang ditandai, berapa bagian yang benar. Recall berarti: dari semua yang
seharusnya ditandai, berapa bagian yang ditemukan.

**Bukan untuk** menyatakan seseorang melanggar, menilai atau memeringkat orang, menilai warga yang
tidak tampak sebagai ASN, atau mengambil keputusan tanpa orang. Tidak ada nilai per orang. Tindakan
dan kode SKB adalah saran yang harus dicocokkan dengan lampiran resminya."""


def _method(manifest: Mapping[str, Any]) -> str:
    words = "kata dasar Sastrawi" if manifest.get("stemmed", True) else "kata tanpa pemotongan"
    own = list(manifest.get("method") or [_LINEAR_METHOD.format(words=words)])
    if "backbone" in manifest and "method" not in manifest:
        own.append(_ENCODER_METHOD)
    return "\n\n".join(["## Cara kerja", *own, _COMMON_METHOD])


def _data(manifest: Mapping[str, Any]) -> str:
    rows = [
        (
            f"`{item['file']}`",
            count(item["rows"]),
            _USES.get(item["use"], item["use"]),
            f"`{item['sha256']}`",
        )
        for item in manifest.get("data", ())
    ]
    sources: list[Mapping[str, str]] = list(manifest.get("sources") or _SOURCES)
    if not manifest.get("sources") and "backbone" in manifest:
        backbone = manifest["backbone"]
        sources.append(
            {
                "name": backbone["source"],
                "licence": backbone["licence"],
                "use": "bobot awal penyandi",
            }
        )
    if not manifest.get("sources") and any("extra" in row[0] for row in rows):
        sources.append(_EXTRA_SOURCE)
    licences = [(item["name"], item["licence"], item["use"]) for item in sources]
    return "\n\n".join(
        [
            "## Data dan lisensi",
            table(("berkas", "unggahan", "dipakai untuk", "SHA-256"), rows),
            "`data/labeled` adalah karangan: ditulis satu per satu oleh penulis model bahasa dalam "
            "banyak suara, dilabeli menurut pedoman, dibaca sekali lagi oleh pembaca model bahasa "
            "lain, dan diselesaikan bila berbeda (`data/labeled/README.md`). Belum diperiksa "
            "analis Bawaslu atau penutur asli bahasa daerah. Berkas bernama *extra* berisi "
            "unggahan publik nyata tanpa penulis, dilabeli sikapnya; berkas itu bukan bagian "
            "proyek, hanya hash-nya dicatat.",
            table(("sumber", "lisensi", "untuk"), licences),
            f"Perintah: `{manifest.get('command', '')}`",
        ]
    )


def _variants(variants: Sequence[Variant]) -> str:
    """Return both variants side by side; nothing with only one."""
    if len(variants) < 2:
        return ""
    rows = []
    for one in variants:
        test, real = one.metrics.get("test", {}), one.metrics.get("real_dev", {})
        flag = test.get("flag", {})
        rows.append(
            (
                f"`{one.reference}`" + (" (aktif)" if one.active else ""),
                figure(flag.get("precision")),
                figure(flag.get("recall")),
                figure(test.get("stance", {}).get("macro_f1")),
                figure(real.get("stance", {}).get("macro_f1")),
            )
        )
    head = ("model", "presisi tanda", "recall tanda", "F1 sikap, uji", "F1 sikap, nyata")
    return "\n\n".join(["## Dua varian", table(head, rows)])


def _list(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)])


def _retrain(manifest: Mapping[str, Any]) -> str:
    code = ", ".join(f"{name} {number}" for name, number in manifest.get("code", {}).items())
    return (
        "## Melatih ulang\n\n"
        "`python -m training fit`, lalu `evaluate`, `fairness`, `robustness`, `background`, "
        "`benchmark`, `calibrate`, `promote`; lihat `training/README.md`. Pedoman label versi "
        f"{manifest.get('guide_version')}. Dibuat {manifest.get('created')} dengan {code}."
    )
