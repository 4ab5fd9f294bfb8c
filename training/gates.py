"""The gates of promotion: floors, no worse than the active one, even-handed. No way around them.

Each refusal names the gate, the figures and what to do. What could not be tested because a file
holds too few posts is told as a note, never passed over in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from training.group_rates import SMALLEST_COMPARED, compared, differences
from training.intervals import Labels, f1, interval_of_difference

# Floors for the written held-out posts, and ceilings for the neutral watcher (rule 7).
LOWEST_FLAG_PRECISION = 0.6
LOWEST_FLAG_RECALL = 0.6
LARGEST_MEAN_CHANGE = 0.02
LARGEST_SHARE_OF_FLIPS = 0.02
# Of the swaps flagged before or after: the share whose flag flips.
LARGEST_SHARE_OF_FLAGS_FLIPPED = 0.01
# Points of recall between parties, or between languages.
LARGEST_RECALL_DIFFERENCE = 0.10
# One point of F1 may be chance; more, or less that is surely no chance, is worse.
TOLERATED_LOSS = 0.01
COMPARED_FEATURES = {"party": "partai", "language": "bahasa"}
_EVALUATE = "python -m training evaluate data/labeled/test.jsonl --model {} --record test"
_FAIRNESS = "python -m training fairness data/labeled/test.jsonl --model {} --record fairness"


@dataclass(slots=True)
class GateReport:
    """What keeps an artifact from being promoted, and what could not be tested."""

    reference: str
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, gate: str, figures: str, remedy: str) -> None:
        """Add a failure: which gate, the figures, what to do."""
        self.failures.append(f"[{gate}] {figures}. {remedy}")


def check_gates(
    reference: str, metrics: Mapping[str, Any], active: tuple[str, Mapping[str, Any]] | None
) -> GateReport:
    """Hold `metrics` of an artifact against every gate.

    `active` is the reference and metrics of the artifact now in use; None when there is none.
    """
    report = GateReport(reference)
    _floors(report, metrics)
    _neutrality(report, metrics.get("fairness", {}))
    _recall_by_group(report, metrics.get("fairness", {}))
    if active is None:
        report.notes.append("belum ada model aktif: tidak ada pembanding")
    elif active[0] != reference:
        _no_worse(report, metrics.get("test", {}), *active)
    return report


def _floors(report: GateReport, metrics: Mapping[str, Any]) -> None:
    flag = metrics.get("test", {}).get("flag", {})
    remedy = "Ukur dengan " + _EVALUATE.format(report.reference)
    for name, lowest in (("precision", LOWEST_FLAG_PRECISION), ("recall", LOWEST_FLAG_RECALL)):
        value = (flag.get(name) or {}).get("value")
        if value is None:
            report.refuse("batas bawah", f"flag {name} belum diukur", remedy)
        elif value < lowest:
            report.refuse(
                "batas bawah",
                f"flag {name} {value} di bawah {lowest}",
                "Perbaiki model atau ambangnya (calibrate), lalu ukur lagi",
            )


def _neutrality(report: GateReport, fairness: Mapping[str, Any]) -> None:
    overall = fairness.get("overall", {})
    if not overall.get("swaps") or "share_of_flags_flipped" not in overall:
        report.refuse(
            "penukaran",
            "netralitas belum diukur lewat seluruh rangkaian",
            "Ukur dengan " + _FAIRNESS.format(report.reference),
        )
        return
    remedy = "Lihat `worst` pada hasil fairness, perbaiki penyamaran nama atau latih dengan tukaran"
    if overall["mean_change"] > LARGEST_MEAN_CHANGE:
        report.refuse(
            "penukaran",
            f"perubahan skor rata-rata {overall['mean_change']}, paling banyak "
            f"{LARGEST_MEAN_CHANGE}",
            remedy,
        )
    if overall["flips"] > LARGEST_SHARE_OF_FLIPS * overall["swaps"]:
        report.refuse(
            "penukaran",
            f"{overall['flips']} dari {overall['swaps']} penukaran mengubah sikap, paling banyak "
            f"{LARGEST_SHARE_OF_FLIPS:.0%}",
            remedy,
        )
    flipped, flags = overall["flags_flipped"], overall["flags"]
    if not flags:
        report.refuse(
            "penukaran",
            "tidak satu pun unggahan tukaran ditandai, jadi tanda yang berbalik tidak terukur",
            "Ukur pada berkas yang berisi pelanggaran",
        )
    elif flipped > LARGEST_SHARE_OF_FLAGS_FLIPPED * flags:
        report.refuse(
            "penukaran",
            f"{flipped} dari {flags} tanda berbalik ({flipped / flags:.1%}), paling banyak "
            f"{LARGEST_SHARE_OF_FLAGS_FLIPPED:.0%}",
            remedy,
        )


def _recall_by_group(report: GateReport, fairness: Mapping[str, Any]) -> None:
    """Compare recall between parties and between languages with 40 or more posts.

    Where both groups have 40 violations or more the difference itself decides. With fewer,
    recall moves by ten points with three posts: then it decides only when chance does not
    explain it (the interval, made for all pairs together, leaves out zero), else it is told.
    """
    features = fairness.get("by_group", {})
    for feature, shown in COMPARED_FEATURES.items():
        if feature not in features:
            report.refuse(
                f"recall antar{shown}",
                "belum diukur",
                "Ukur dengan " + _FAIRNESS.format(report.reference),
            )
            continue
        gaps = differences(compared(features[feature]["groups"]), "true_positive_rate")
        if not gaps:
            report.notes.append(
                f"recall antar{shown} tidak teruji: kurang dari dua {shown} dengan "
                f"{SMALLEST_COMPARED} unggahan atau lebih; ukur fairness pada berkas lebih besar"
            )
        large = [gap for gap in gaps if gap["value"] > LARGEST_RECALL_DIFFERENCE]
        firm = [gap for gap in large if min(gap["tries"]) >= SMALLEST_COMPARED or gap["low"] > 0]
        if firm:
            report.refuse(
                f"recall antar{shown}",
                f"{_gap(firm[0])}; paling banyak {LARGEST_RECALL_DIFFERENCE * 100:.0f} poin",
                f"Tambah data latih untuk {firm[0]['low_group']} dan periksa mengapa luput "
                "(failures.json)",
            )
        elif large:
            report.notes.append(
                f"recall antar{shown}: {_gap(large[0])}, tetapi pelanggarannya sedikit dan "
                "kebetulan dapat menjelaskannya; ukur fairness pada berkas lebih besar"
            )


def _gap(gap: Mapping[str, Any]) -> str:
    first, second = gap["tries"]
    return (
        f"selisih {gap['value'] * 100:.1f} poin antara {gap['high_group']} ({first} pelanggaran) "
        f"dan {gap['low_group']} ({second} pelanggaran), "
        f"95%: {gap['low'] * 100:.1f} sampai {gap['high'] * 100:.1f}"
    )


def _no_worse(
    report: GateReport, test: Mapping[str, Any], reference: str, metrics: Mapping[str, Any]
) -> None:
    """Compare F1 of the flag with the active artifact, on the same posts.

    Post by post where both recorded their decisions: worse is a loss of more than one point, or
    any loss that resampling the posts cannot explain. Without decisions any loss is worse.
    """
    gate, theirs = "tidak lebih buruk", metrics.get("test", {})
    hashes = [(one.get("file") or {}).get("sha256") for one in (test, theirs)]
    if None in hashes or hashes[0] != hashes[1]:
        report.refuse(
            gate,
            f"{report.reference} dan model aktif {reference} tidak diukur pada berkas uji sama",
            f"Ukur keduanya: {_EVALUATE.format(report.reference)}; {_EVALUATE.format(reference)}",
        )
        return
    ours_f1, their_f1 = (one["flag"]["f1"]["value"] for one in (test, theirs))
    loss, shown, surely = their_f1 - ours_f1, "", True
    if "decisions" in test and "decisions" in theirs:
        bounds = _paired(test["decisions"], theirs["decisions"])
        loss, surely = -float(bounds["value"] or 0), (bounds["high"] or 0) < 0
        shown = f" (selisih {bounds['value']}, 95%: {bounds['low']} sampai {bounds['high']})"
    if loss > TOLERATED_LOSS or (loss > 0 and surely):
        report.refuse(
            gate,
            f"F1 tanda {ours_f1} lebih buruk daripada {their_f1} milik {reference}{shown}",
            "Pertahankan model aktif, atau latih lagi sampai tidak kalah",
        )


def _paired(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, float | None]:
    gold, first, second = (_bits(t) for t in (ours["gold"], ours["told"], theirs["told"]))
    return interval_of_difference(gold, first, second, f1)


def _bits(digits: str) -> Labels:
    return np.array([digit == "1" for digit in digits], dtype=bool)
