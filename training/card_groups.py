"""The parts of the model card on even-handedness: languages, groups, swaps, disguises."""

from collections.abc import Mapping
from typing import Any

from training.card_text import count, figure, table
from training.group_rates import SMALLEST_COMPARED
from training.pictures import AXIS_NAMES, DISGUISE_NAMES, FEATURE_NAMES

_LANGUAGE_POSTS = 20
_MEASURES = {
    "true_positive_rate": "recall",
    "false_positive_rate": "tanda palsu",
    "selection_rate": "bagian ditandai",
}


def languages(metrics: Mapping[str, Any]) -> str:
    """Return languages with enough held-out posts to say something."""
    found = metrics.get("test", {}).get("by_language", {})
    rows = [
        (
            name,
            item["posts"],
            figure(item["flag"]["precision"]),
            figure(item["flag"]["recall"]),
            figure(item["stance_macro_f1"]),
        )
        for name, item in sorted(found.items(), key=lambda pair: -pair[1]["posts"])
        if item["posts"] >= _LANGUAGE_POSTS
    ]
    if not rows:
        return ""
    head = ("bahasa", "n", "presisi tanda", "recall tanda", "F1 sikap")
    note = f"Unggahan karangan yang ditahan, bahasa dengan {_LANGUAGE_POSTS} unggahan atau lebih."
    return "\n\n".join(["## Menurut bahasa", note, table(head, rows)])


def rates(metrics: Mapping[str, Any]) -> str:
    """Return the largest difference of each rate between groups."""
    found = metrics.get("fairness", {}).get("by_group", {})
    rows = []
    for feature, part in found.items():
        for measure, name in _MEASURES.items():
            gap = part["difference"][measure]
            if gap is None:
                continue
            rows.append(
                (
                    FEATURE_NAMES[feature],
                    name,
                    figure(gap),
                    f"{gap['high_group']} ({gap['tries'][0]}) – "
                    f"{gap['low_group']} ({gap['tries'][1]})",
                )
            )
    if not found:
        return ""
    note = (
        f"Selisih terbesar antara dua kelompok dengan {SMALLEST_COMPARED} unggahan atau lebih, "
        "dengan rentang 95% untuk semua pasangan bersama; dalam kurung jumlah unggahan tempat "
        "angka itu berdiri. Rentang yang memuat nol dapat dijelaskan oleh kebetulan. Sifat yang "
        "tidak disebut di sini tidak punya dua kelompok sebesar itu."
    )
    shown = table(("menurut", "angka", "selisih", "antara"), rows)
    return "\n\n".join(part for part in ("## Selisih antarkelompok", note, shown) if part)


def neutrality(metrics: Mapping[str, Any]) -> str:
    """Return what swapping one word does."""
    fairness = metrics.get("fairness", {})
    if not fairness.get("overall", {}).get("swaps"):
        return ""
    rows = [
        (
            AXIS_NAMES.get(axis, axis),
            count(item["swaps"]),
            count(item["mean_change"]),
            count(item["largest_change"]),
            item["flips"],
            _optional(item.get("risk_mean_change")),
            _optional(item.get("risk_largest_change")),
            f"{item['flags_flipped']} dari {item['flags']}" if "flags" in item else "–",
        )
        for axis, item in fairness.items()
        if axis in AXIS_NAMES and item.get("swaps")
    ]
    head = (
        "yang ditukar",
        "tukaran",
        "P(memihak): rata-rata",
        "terbesar",
        "sikap berbalik",
        "risk: rata-rata",
        "terbesar",
        "tanda berbalik",
    )
    note = (
        "Satu kata unggahan ditukar dengan kata sejenis (calon lain, partai lain, nomor lain, nama "
        "lokal karangan yang tidak ada di daftar mana pun). Label tidak berubah, maka nilai pun "
        "tidak boleh berubah. P(memihak) diukur dengan gerbang dilewati; risk dan tanda lewat "
        "seluruh rangkaian. Tanda berbalik: dari tukaran yang ditandai sebelum atau "
        "sesudah ditukar."
    )
    return "\n\n".join(["## Pengawas netral", note, table(head, rows)])


def _optional(value: float | None) -> str:
    return "–" if value is None else count(value)


def contrast(metrics: Mapping[str, Any]) -> str:
    """Return the contrast groups: labels that must move, and labels that must not."""
    found = metrics.get("contrast", {}).get("contrast")
    if not found:
        return ""
    rows = [
        (name, found[key]["groups"], figure(found[key]))
        for key, name in (("flag_right", "tanda"), ("stance_right", "sikap"), ("asn_right", "ASN"))
    ]
    still = [
        (
            AXIS_NAMES.get(axis, axis),
            item["flag"]["groups"],
            figure(item["flag"]),
            figure(item["labels"]),
        )
        for axis, item in found["moved"].items()
    ]
    return "\n\n".join(
        [
            "## Kelompok kontras",
            "Unggahan yang berbeda sedikit saja (`data/labeled/contrast.jsonl`). Bila label harus "
            "berubah, satu kelompok benar hanya bila jawaban untuk setiap varian benar.",
            table(("yang harus berubah", "kelompok", "bagian benar"), rows),
            "Bila hanya nama, nomor, tempat, agama, atau gender yang berubah, tidak satu pun boleh "
            "berubah:",
            table(("yang ditukar", "kelompok", "tanda berubah", "sikap atau ASN berubah"), still),
        ]
    )


def robustness(metrics: Mapping[str, Any]) -> str:
    """Return the flag under disguises."""
    rows = [
        (
            DISGUISE_NAMES.get(name, name),
            figure(item["precision"]),
            figure(item["recall"]),
            item.get("flags_changed", 0),
        )
        for name, item in metrics.get("robustness", {}).items()
        if "precision" in item
    ]
    if not rows:
        return ""
    head = ("teks unggahan uji", "presisi tanda", "recall tanda", "tanda berubah")
    return "\n\n".join(["## Penyamaran", table(head, rows)])
