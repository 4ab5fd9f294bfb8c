"""The parts of the model card on how good it is: results, workload, baselines, failures."""

from collections.abc import Mapping
from typing import Any

from training.card_text import count, figure, table
from training.workload import analyst_view
from training.workload_text import workload_text

_FILES = {
    "test": "karangan, ditahan (`data/labeled/test.jsonl`)",
    "dev": "karangan, dipakai untuk kalibrasi (`data/labeled/dev.jsonl`)",
    "contrast": "kelompok kontras (`data/labeled/contrast.jsonl`)",
    "real_dev": "unggahan publik nyata tanpa penulis, sikap saja, gerbang dilewati",
    "no_stems_test": "model sama tanpa kata dasar, karangan, ditahan",
    "no_stems_real_dev": "model sama tanpa kata dasar, unggahan nyata",
}
_BASELINES = {
    "majority": "jawaban terbanyak",
    "keywords": "daftar kata kampanye",
    "tfidf": "TF-IDF + regresi logistik",
    "tfidf_stems": "TF-IDF + regresi logistik, kata dasar Sastrawi",
    "frozen_encoder": "penyandi beku + regresi logistik",
}
_STAGES = {
    "gate": "gerbang ASN",
    "author": "model penulis",
    "screen": "saringan sikap",
    "stance": "model sikap",
}
# Kinds of posts, described; never the words of one.
_MISSED = {
    "gate": "tanda ASN di profil tidak dikenal daftar kata, misalnya singkatan kantor setempat",
    "author": "tanda ASN dikenal, tetapi dinilai terlalu lemah, misalnya jabatan tanpa nama dinas",
    "screen": "saringan cepat menganggap isinya tidak memihak",
    "stance": "keberpihakan tidak terbaca, misalnya sindiran atau dukungan tanpa kata ajakan",
}
_WRONG = {
    "author": "penulis dikira ASN, misalnya pensiunan, pasangan, atau guru swasta",
    "stance": "isi dikira memihak, misalnya berita, kutipan, tugas resmi, atau imbauan netral",
    "both": "penulis dikira ASN dan isi dikira memihak",
}
_SPEED = {
    "fit_seconds": "melatih (detik)",
    "gate_posts_a_second": "gerbang (unggahan per detik)",
    "gate_with_reading_posts_a_second": "gerbang, termasuk membaca JSON (unggahan per detik)",
    "stance_posts_a_second": "sikap, gerbang dilewati (unggahan per detik)",
    "end_to_end_posts_a_second": "seluruh rangkaian, 3% lolos gerbang (unggahan per detik)",
    "hashed_words_posts_a_second": "pembanding: kata 1-2 + regresi logistik (unggahan per detik)",
    "end_to_end_to_hashed_words": "seluruh rangkaian dibagi pembanding",
    "first_prediction_seconds": "dari mulai sampai prediksi pertama (detik)",
    "peak_memory_mib": "memori puncak proses penilai (MiB)",
}


def results(metrics: Mapping[str, Any]) -> str:
    """Return what was measured on each file, and the speed."""
    measured = [
        (_FILES.get(key, key), part)
        for key, part in metrics.items()
        if isinstance(part, Mapping) and "stance" in part and "posts" in part
    ]
    rows = [
        (
            name,
            count(part["posts"]),
            figure(part["stance"]["macro_f1"]),
            figure(part.get("flag", {}).get("precision")),
            figure(part.get("flag", {}).get("recall")),
            figure(part.get("asn", {}).get("precision")),
            figure(part.get("asn", {}).get("recall")),
        )
        for name, part in measured
    ]
    head = (
        "unggahan",
        "n",
        "F1 sikap",
        "presisi tanda",
        "recall tanda",
        "presisi ASN",
        "recall ASN",
    )
    speed = [
        (_SPEED[name], count(value))
        for name, value in metrics.get("speed", {}).items()
        if name in _SPEED
    ]
    evasive = metrics.get("test", {}).get("flag_when_evasive", {})
    hidden = ""
    if evasive.get("positive"):
        hidden = (
            f"Pada {evasive['positive']} pelanggaran uji yang sengaja disamarkan: recall "
            f"{figure(evasive['recall'])}."
        )
    parts = [
        "## Hasil",
        "Dalam kurung rentang 95% (bootstrap). F1 sikap: rata-rata atas mendukung, menentang, "
        "tidak memihak, untuk setiap unggahan, gerbang dilewati.",
        table(head, rows),
        hidden,
        table(("kecepatan dan memori di mesin pengukur", "terukur"), speed),
    ]
    return "\n\n".join(part for part in parts if part)


def workload_view(metrics: Mapping[str, Any]) -> str:
    """Return the analyst's view at three base rates."""
    lines = workload_text(analyst_view(metrics)).replace("\n-", "\n\n-", 1)
    for mark in ("\nDasar:", "\nBatas digabung", "\nPembanding yang", "\nUntuk "):
        lines = lines.replace(mark, f"\n{mark}")
    return f"## Beban kerja analis\n\n{lines}"


def calibration(metrics: Mapping[str, Any]) -> str:
    """Return the expected calibration error, with the prevalence it holds at."""
    found = metrics.get("test", {}).get("calibration", {})
    if "ece_equal_width" not in found:
        return ""
    share = found["prevalence_with_risk"]
    return (
        "## Kalibrasi risk\n\n"
        f"Galat kalibrasi harapan (ECE, 10 langkah) pada {count(found['posts_with_risk'])} "
        f"unggahan uji yang mendapat risk: {figure(found['ece_equal_width'])} dengan langkah sama "
        f"lebar, {figure(found['ece_equal_mass'])} dengan langkah sama banyak. Dari unggahan "
        f"itu {_percent(share)} pelanggaran; di lapangan pelanggaran jauh lebih jarang, "
        "sehingga risk di sana terlalu tinggi: pakai urutannya, bukan besarnya."
    )


def baselines(metrics: Mapping[str, Any]) -> str:
    """Return the baselines measured on the same files."""
    rows = []
    for key in ("test", "real_dev", "dev"):
        part = metrics.get(key, {})
        found = part.get("baselines", {}).get("rows", {})
        if not found:
            continue
        own = {"model ini": {"stance_macro_f1": part["stance"]["macro_f1"], **_flag(part)}}
        for name, item in {**found, **own}.items():
            rows.append(
                (
                    key,
                    _BASELINES.get(name, name),
                    figure(item["stance_macro_f1"]),
                    figure(item.get("flag", {}).get("f1")),
                )
            )
    if not rows:
        return ""
    note = "Tanda pembanding: penilaian ASN dari model ini, sikap dari pembanding."
    head = ("berkas", "cara", "F1 sikap", "F1 tanda")
    return "\n\n".join(["## Pembanding pada unggahan yang sama", note, table(head, rows)])


def _flag(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"flag": part["flag"]} if "flag" in part else {}


def stages(metrics: Mapping[str, Any]) -> str:
    """Return where violations were lost on the way."""
    found = metrics.get("test", {}).get("stages")
    if not found:
        return ""
    rows = [(_STAGES[name], item["posts"], figure(item)) for name, item in found["lost"].items()]
    rows.append(
        ("ditandai", found["flagged"], figure(found["recall_after_gate"]) + " sesudah gerbang")
    )
    title = f"## Di mana pelanggaran luput\n\nDari {found['gold_flags']} pelanggaran uji:"
    return f"{title}\n\n{table(('tahap', 'unggahan', 'bagian'), rows)}"


def failure_kinds(metrics: Mapping[str, Any]) -> str:
    """Return what kinds of posts come out wrong."""
    found = metrics.get("test", {}).get("failure_kinds")
    if not found or not (found["missed"] or found["wrong"]):
        return ""
    rows = [
        ("luput", _described(name, _MISSED), number) for name, number in found["missed"].items()
    ]
    rows += [
        ("tanda keliru", _described(name, _WRONG), number)
        for name, number in found["wrong"].items()
    ]
    note = "Jenisnya saja; unggahan yang dimaksud dicari lewat id di `failures.json`."
    return "\n\n".join(["## Kegagalan", note, table(("", "jenis", "unggahan"), rows)])


def _described(kind: str, names: Mapping[str, str]) -> str:
    first, _, rest = kind.partition(", ")
    more = {
        "evasive": "disamarkan",
        "plain": "tanpa penyamaran",
        "violation": "kelompok pelanggaran",
        "asn_neutral": "ASN netral",
        "partisan_other": "warga memihak",
        "other": "unggahan lain",
    }.get(rest, rest)
    return f"{names.get(first, first)} ({more})"


def background(metrics: Mapping[str, Any]) -> str:
    """Return what became of unlabelled real posts."""
    rows = [
        (name, *(count(item[key]) for key in ("posts", "passed_gate", "asn", "flagged")))
        for name, item in metrics.get("background", {}).items()
    ]
    if not rows:
        return ""
    head = ("berkas", "unggahan", "lolos gerbang", "dinilai ASN", "ditandai")
    note = "Unggahan nyata tanpa label dan tanpa profil penulis, gerbang menyala:"
    return "\n\n".join(["## Unggahan nyata tanpa label", note, table(head, rows)])


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"
