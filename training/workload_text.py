"""The analyst's view in words: Indonesian, whole numbers where they are large enough."""

from collections.abc import Mapping
from typing import Any

from training.intervals import wilson
from training.workload import DECISIONS_NEEDED, NOT_TESTED


def workload_text(report: Mapping[str, Any]) -> str:
    """Return the report of `analyst_view` as lines a person reads."""
    lines = [field_line(report)]
    if report["missing"]:
        steps = "; ".join(f"python -m training {step}" for step in report["missing"])
        return "\n".join([*lines, f"Beban kerja belum dapat dihitung. Jalankan dulu: {steps}"])
    lines += [
        f"Untuk {number(report['volume'])} unggahan lolos gerbang sehari:",
        *(
            f"- bila 1 dari {number(row['one_in'])} melanggar: {row_text(row)}"
            for row in report["rows"]
        ),
        *basis_lines(report),
    ]
    return "\n".join(lines)


def field_line(report: Mapping[str, Any]) -> str:
    """Return whether live decisions bear the figures out, and how many there are."""
    confirmed = report["decisions"]["confirm"]
    total = confirmed + report["decisions"]["dismiss"]
    if not report["tested_in_the_field"]:
        return f"Model ini {NOT_TESTED}: {total} dari {DECISIONS_NEEDED} keputusan peninjau."
    shown = wilson(confirmed, total)
    return (
        f"Diuji di lapangan: {number(total)} keputusan peninjau, "
        f"{_hundred(shown['value'])} dari 100 dikonfirmasi "
        f"({_hundred(shown['low'])}–{_hundred(shown['high'])})."
    )


def row_text(row: Mapping[str, Any]) -> str:
    """Return one base rate as a sentence."""
    flags, precision, missed = row["flags_a_day"], row["precision"], row["missed_share"]
    return (
        f"sekitar {number(flags['value'])} tanda sehari "
        f"({number(flags['low'])}–{number(flags['high'])}), "
        f"{_hundred(precision['low'], down=True)}–{_hundred(precision['high'])} dari 100 benar, "
        f"luput sekitar 1 dari {_one_in(missed['value'])} "
        f"(1 dari {_one_in(missed['high'])} sampai 1 dari {_one_in(missed['low'])})"
    )


def basis_lines(report: Mapping[str, Any]) -> list[str]:
    """Return where the rates come from and how the bounds were put together."""
    recall, alarm = report["recall"], report["false_alarm"]
    written = report["false_alarm_written"]
    lines = [
        f"Dasar: recall {recall['hits']} dari {recall['tries']} pelanggaran karangan "
        f"(suara yang tidak dilatihkan; Wilson 95% {_percent(recall['low'])}–"
        f"{_percent(recall['high'])}); tanda palsu {alarm['hits']} dari {alarm['tries']} unggahan "
        f"nyata tak berlabel yang lolos gerbang ({', '.join(alarm['files'])}; Clopper-Pearson 95% "
        f"{_percent(alarm['low'])}–{_percent(alarm['high'])}; setiap tanda dihitung palsu).",
        "Batas digabung secara hati-hati: batas bawah 'benar' memakai recall terendah dan tanda "
        "palsu terbanyak, batas atas sebaliknya; maka rentangnya lebih lebar dari 95%. Nilai "
        "tengah tanda palsu: (jumlah + ½) / (n + 1), sebab tidak terlihat bukan berarti tidak ada.",
    ]
    if written:
        lines.append(
            f"Pembanding yang lebih berat: pada unggahan karangan yang sengaja mirip pelanggaran, "
            f"{written['hits']} dari {written['tries']} yang lolos gerbang keliru ditandai "
            f"({_percent(written['low'])}–{_percent(written['high'])})."
        )
    return lines


def number(value: float) -> str:
    """Return a count a person reads: 1.000, 3,3 or 0,04."""
    if value >= 10 or value == int(value):
        return f"{round(value):,}".replace(",", ".")
    return (f"{value:.1f}" if value >= 0.95 else f"{value:.2g}").replace(".", ",")


def _hundred(share: float | None, *, down: bool = False) -> str:
    """Return a share as so many of 100; a lower bound never rounds up."""
    assert share is not None
    of_hundred = share * 100
    if 0 < of_hundred < 1:
        return "<1"
    return str(int(of_hundred) if down else round(of_hundred))


def _one_in(share: float) -> str:
    return number(1 / share) if share > 0 else "tak terhitung"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%".replace(".", ",")
