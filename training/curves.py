"""Pictures beside the figures: precision against recall, and what a stated risk is worth."""

import io
from collections.abc import Sequence
from typing import Any

from training.evaluate import Judged


def curves(judged: Sequence[Judged]) -> dict[str, bytes]:
    """Return `pr.png` and `reliability.png`; empty where no post got a risk.

    Needs matplotlib (the `train` extra); raises ImportError without it.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure
    from sklearn.metrics import precision_recall_curve

    risks = [
        j.prediction.risk if j.prediction and j.prediction.risk is not None else 0.0 for j in judged
    ]
    gold = [j.example.gold.flag for j in judged]
    if not any(risks) or not any(gold):
        return {}
    precision, recall, _ = precision_recall_curve(gold, risks)
    figure = Figure(figsize=(4, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.plot(recall, precision)
    axes.set(xlabel="recall", ylabel="presisi", title="Flag", xlim=(0, 1.02), ylim=(0, 1.02))
    pictures = {"pr.png": _png(figure)}
    figure = Figure(figsize=(4, 3.4), layout="constrained")
    axes = figure.subplots()
    shown = [(r, y) for r, y in zip(risks, gold, strict=True) if r > 0]
    points = [_band(shown, low) for low in (0.0, 0.2, 0.4, 0.6, 0.8)]
    known = [point for point in points if point is not None]
    axes.plot([0, 1], [0, 1], linestyle=":")
    axes.plot([p[0] for p in known], [p[1] for p in known], marker="o")
    axes.set(xlabel="risk", ylabel="terkonfirmasi", title="Kalibrasi", xlim=(0, 1), ylim=(0, 1))
    pictures["reliability.png"] = _png(figure)
    return pictures


def _band(shown: list[tuple[float, bool]], low: float) -> tuple[float, float] | None:
    inside = [(r, y) for r, y in shown if low <= r < low + 0.2]
    if not inside:
        return None
    return sum(r for r, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside)


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    # No date in the file: equal figures give equal bytes.
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()


def learning_picture(rows: Sequence[dict[str, Any]], measured: Sequence[str]) -> bytes:
    """Return a picture of stance scores against the number of written training posts.

    One panel for each measured file; one line without and one with the real posts. Needs
    matplotlib (the `train` extra); raises ImportError without it.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.6 * len(measured), 3.2), layout="constrained")
    for axes, name in zip(
        figure.subplots(1, len(measured), squeeze=False)[0], measured, strict=True
    ):
        for real in (False, True):
            line = [r for r in rows if r["written_posts"] and bool(r["real_posts"]) is real]
            if not line:
                continue
            label = "tulisan + nyata" if real else "tulisan"
            points = [row[name]["value"] for row in line]
            axes.plot([row["written_posts"] for row in line], points, marker="o", label=label)
        axes.set(xlabel="unggahan tulisan", title=name, ylim=(0, 1))
    figure.axes[0].set_ylabel("F1 makro (kontras: kelompok)")
    figure.axes[-1].legend()
    return _png(figure)
