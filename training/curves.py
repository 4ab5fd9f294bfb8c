"""Pictures beside the figures: precision against recall, what a risk is worth, learning."""

from collections.abc import Sequence
from typing import Any

from training.evaluate import Judged, risks
from training.pictures import BLUE, GREY, ORANGE, new_figure, png
from training.reliability import reliability_points


def curves(judged: Sequence[Judged]) -> dict[str, bytes]:
    """Return `pr.png` and `reliability.png`; empty where no post got a risk.

    Needs matplotlib (the `train` extra); raises ImportError without it.
    """
    from sklearn.metrics import precision_recall_curve

    scores = [
        j.prediction.risk if j.prediction and j.prediction.risk is not None else 0.0 for j in judged
    ]
    gold = [j.example.gold.flag for j in judged]
    if not any(scores) or not any(gold):
        return {}
    precision, recall, _ = precision_recall_curve(gold, scores)
    told = sum(j.flagged for j in judged)
    right = sum(j.flagged and truth for j, truth in zip(judged, gold, strict=True))
    figure = new_figure(4.4, 3.8)
    axes = figure.subplots()
    # At recall 1 the curve takes in posts without any risk, which is no choice of a threshold.
    axes.plot(recall, precision, color=BLUE, label="menurut risk")
    if told:
        axes.plot([right / sum(gold)], [right / told], "s", color=ORANGE, label="ambang terpasang")
    axes.set(xlabel="recall", ylabel="presisi", title="Tanda", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="lower left", frameon=False)
    return {"pr.png": png(figure), "reliability.png": _reliability_picture(risks(judged))}


def _reliability_picture(pairs: Sequence[tuple[float, bool]]) -> bytes:
    """Return stated risk against the share that is true, in ten equal steps of risk."""
    points = reliability_points(pairs)
    figure = new_figure(4.4, 3.8)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], linestyle=":", color=GREY, label="tepat")
    for point in points:
        axes.plot([point["risk"]] * 2, [point["low"], point["high"]], color=BLUE, linewidth=1.4)
    shown = [point["risk"] for point in points], [point["share"] for point in points]
    axes.plot(*shown, "o", color=BLUE, label="terukur, rentang 95%")
    for point in points:
        axes.annotate(
            str(point["posts"]),
            (point["risk"], point["share"]),
            textcoords="offset points",
            xytext=(6, -9),
            fontsize=7,
            color=GREY,
        )
    axes.set(
        xlabel="risk menurut model",
        ylabel="bagian yang benar",
        title="Kalibrasi (angka: jumlah unggahan)",
        xlim=(0, 1),
        ylim=(-0.02, 1.02),
    )
    axes.legend(loc="upper left", frameon=False)
    return png(figure)


def learning_picture(rows: Sequence[dict[str, Any]], measured: Sequence[str]) -> bytes:
    """Return a picture of stance scores against the number of written training posts.

    One panel for each measured file; one line without and one with the real posts. Needs
    matplotlib (the `train` extra); raises ImportError without it.
    """
    figure = new_figure(3.6 * len(measured), 3.2)
    for axes, name in zip(
        figure.subplots(1, len(measured), squeeze=False)[0], measured, strict=True
    ):
        for real in (False, True):
            line = [r for r in rows if r["written_posts"] and bool(r["real_posts"]) is real]
            if not line:
                continue
            label = "tulisan + nyata" if real else "tulisan"
            points = [row[name]["value"] for row in line]
            axes.plot(
                [row["written_posts"] for row in line],
                points,
                marker="s" if real else "o",
                color=ORANGE if real else BLUE,
                label=label,
            )
        axes.set(xlabel="unggahan tulisan", title=name, ylim=(0, 1))
    figure.axes[0].set_ylabel("F1 makro (kontras: kelompok)")
    figure.axes[-1].legend()
    return png(figure)
