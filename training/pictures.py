"""Pictures beside the figures: confusion, slices with intervals, rates by group.

Colours of Okabe and Ito, which people with any colour vision tell apart; nothing is told by
colour alone. Need matplotlib (the `train` extra); raise ImportError without it.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from models.labels import AsnLabel, Stance
from training.evaluate import Judged

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#777777"
STANCE_NAMES = {"support": "mendukung", "oppose": "menentang", "none": "tidak memihak"}
ASN_NAMES = {"explicit": "jelas", "likely": "kemungkinan", "none": "tidak tampak"}
FEATURE_NAMES = {
    "party": "partai",
    "number": "nomor urut",
    "region": "provinsi",
    "island": "pulau",
    "language": "bahasa",
    "religion_mention": "agama disebut",
    "gender_mention": "gender disebut",
    "name_group": "asal nama",
}
AXIS_NAMES = {
    "overall": "semua",
    "all": "semua",
    "name": "nama penulis",
    "number": "nomor",
    "number_word": "kata bilangan",
    "party": "partai",
    "candidate": "calon",
    "nickname": "panggilan",
    "region": "wilayah",
    "gender": "gender",
    "religion": "agama",
    "hashtag": "tagar",
    "local_name": "nama lokal karangan",
}
DISGUISE_NAMES = {
    "unchanged": "apa adanya",
    "typos": "salah ketik",
    "capitals": "huruf besar",
    "lower_case": "huruf kecil",
    "leet": "angka pengganti huruf",
    "spaced_letters": "huruf berspasi",
    "elongation": "huruf dipanjangkan",
}
# Fewer posts give an interval as wide as the picture.
_SMALLEST_SLICE = 20
_MOST_SLICES = 24


def new_figure(width: float, height: float) -> Any:
    """Return an empty figure that no display is needed for."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def png(figure: Any) -> bytes:
    """Return a figure as PNG; equal figures give equal bytes (no date in the file)."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()


def evaluation_pictures(judged: Sequence[Judged], metrics: Mapping[str, Any]) -> dict[str, bytes]:
    """Return confusion matrices of stance and, with authors, of ASN, and the slices."""
    gold = [j.example.gold for j in judged]
    names = [stance.value for stance in Stance]
    pictures = {
        "confusion_stance.png": confusion_picture(
            [one.stance.value for one in gold],
            [j.told_stance for j in judged],
            {name: STANCE_NAMES[name] for name in names},
            "Sikap (gerbang dilewati)",
        )
    }
    if "flag" in metrics:
        pictures["confusion_asn.png"] = confusion_picture(
            [(one.asn or AsnLabel.NONE).value for one in gold],
            [j.told_asn for j in judged],
            ASN_NAMES,
            "Penulis tampak sebagai ASN",
        )
        pictures["slices.png"] = slices_picture(metrics)
    return pictures


def confusion_picture(
    gold: Sequence[str], told: Sequence[str], names: Mapping[str, str], title: str
) -> bytes:
    """Return counts of gold against told, shaded by the share of each row."""
    keys = list(names)
    counts = [
        [sum(g == one and t == two for g, t in zip(gold, told, strict=True)) for two in keys]
        for one in keys
    ]
    shares = [[value / max(1, sum(row)) for value in row] for row in counts]
    figure = new_figure(4.4, 3.8)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, line in enumerate(counts):
        for column, value in enumerate(line):
            share = shares[row][column]
            axes.text(
                column,
                row,
                f"{value}\n{share:.0%}",
                ha="center",
                va="center",
                color="white" if share > 0.5 else "black",
            )
    labels = list(names.values())
    axes.set_xticks(range(len(keys)), labels)
    axes.set_yticks(range(len(keys)), labels)
    axes.set(xlabel="menurut model", ylabel="menurut label", title=title)
    return png(figure)


def slices_picture(metrics: Mapping[str, Any]) -> bytes:
    """Return recall and precision of the flag: overall, disguised, by language; 95% intervals."""
    rows = [("semua", metrics["flag"]), ("menyamar", metrics["flag_when_evasive"])]
    rows += [
        (f"bahasa {name}", item["flag"])
        for name, item in metrics.get("by_language", {}).items()
        if item["posts"] >= _SMALLEST_SLICE and item["flag"]["positive"]
    ]
    rows = rows[:_MOST_SLICES]
    series = [
        ("recall", BLUE, "o", [item["recall"] for _, item in rows]),
        ("presisi", ORANGE, "s", [item["precision"] for _, item in rows]),
    ]
    labels = [f"{name} (n={item['positive']})" for name, item in rows]
    return _points(labels, series, "Tanda, dengan rentang 95% (n: yang seharusnya ditandai)")


def fairness_pictures(result: Mapping[str, Any]) -> dict[str, bytes]:
    """Return recall and false alarms by group, and the change of score by axis of swaps."""
    pictures = {}
    axes = [(n, item) for n, item in result.items() if _is_axis(n, item)]
    if axes:
        pictures["swaps.png"] = _swaps_picture(axes)
    for feature, part in result.get("by_group", {}).items():
        groups = [
            (name, rates)
            for name, rates in part["groups"].items()
            if rates["posts"] >= _SMALLEST_SLICE and rates["positive"] and rates["negative"]
        ][:_MOST_SLICES]
        if len(groups) < 2:
            continue
        series = [
            ("recall", BLUE, "o", [rates["true_positive_rate"] for _, rates in groups]),
            ("tanda palsu", ORANGE, "s", [rates["false_positive_rate"] for _, rates in groups]),
        ]
        labels = [f"{'tanpa' if name == '-' else name} (n={r['posts']})" for name, r in groups]
        title = f"Menurut {FEATURE_NAMES[feature]}, dengan rentang 95%"
        pictures[f"rates_{feature}.png"] = _points(labels, series, title)
    return pictures


def robustness_picture(result: Mapping[str, Any]) -> bytes:
    """Return recall and precision of the flag, text by text disguise."""
    rows = [(DISGUISE_NAMES.get(name, name), item) for name, item in result.items()]
    series = [
        ("recall", BLUE, "o", [item["recall"] for _, item in rows]),
        ("presisi", ORANGE, "s", [item["precision"] for _, item in rows]),
    ]
    return _points([name for name, _ in rows], series, "Tanda bila teks disamarkan, rentang 95%")


def _is_axis(name: str, item: Any) -> bool:
    return name in AXIS_NAMES and bool(item.get("swaps"))


def _points(labels: Sequence[str], series: Sequence[Any], title: str) -> bytes:
    """Return points with intervals, one line a label, the first on top."""
    figure = new_figure(7, 1.3 + 0.34 * len(labels))
    axes = figure.subplots()
    for shift, (name, colour, marker, values) in zip((-0.14, 0.14), series, strict=True):
        for place, item in enumerate(values):
            if item["value"] is None:
                continue
            line = place + shift
            axes.plot([item["low"], item["high"]], [line, line], color=colour, linewidth=1.6)
            label = name if place == 0 else None
            axes.plot([item["value"]], [line], marker, color=colour, markersize=5, label=label)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(title=title, xlim=(-0.02, 1.02), ylim=(len(labels) - 0.5, -0.5))
    axes.grid(axis="x", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return png(figure)


def _swaps_picture(axes_of: Sequence[tuple[str, Mapping[str, Any]]]) -> bytes:
    figure = new_figure(7, 1.4 + 0.36 * len(axes_of))
    axes = figure.subplots()
    places = range(len(axes_of))
    risks = [item.get("risk_mean_change") or 0.0 for _, item in axes_of]
    axes.barh([p - 0.18 for p in places], risks, height=0.32, color=BLUE, label="risk")
    stances = [item["mean_change"] for _, item in axes_of]
    axes.barh(
        [p + 0.18 for p in places],
        stances,
        height=0.32,
        color=ORANGE,
        hatch="//",
        edgecolor="white",
        label="P(memihak), gerbang dilewati",
    )
    labels = [
        f"{AXIS_NAMES.get(name, name)} (n={item['swaps']}, tanda berbalik "
        f"{item.get('flags_flipped', 0)})"
        for name, item in axes_of
    ]
    axes.set_yticks(places, labels)
    axes.set_ylim(len(axes_of) - 0.5, -0.5)
    axes.set(title="Perubahan rata-rata bila satu kata ditukar", xlabel="perubahan mutlak")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return png(figure)
