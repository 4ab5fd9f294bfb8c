"""The commands on a whole artifact: calibrate, workload, promote, card."""

import argparse
import json
import sys
from typing import Any

from models.artifact import MANIFEST
from training.artifact_files import (
    METRICS,
    load_artifact,
    read_metrics,
    refresh_artifact,
    write_out,
)
from training.dataset import read_examples
from training.errors import PromotionRefused
from training.export import installed_encoder, json_bytes, update_files, write_artifact
from training.fit import recalibrate
from training.promote import promote
from training.terminal import say
from training.workload import analyst_view, read_decisions
from training.workload_text import workload_text

_DERIVED = ("files", "format", "guide_version", "code", "stemmed", "created")
# What is measured about an artifact, not part of what it computes with.
_MEASURED = (METRICS, "README.md")
_OF_FIT = ("speed", "fit")


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit slope, shift, thresholds and risk of an artifact anew, from dev.jsonl alone.

    Prints the analyst's view as well. What was measured before holds no longer once a threshold
    has moved: it is dropped from the artifact, and the view says what it rests on.
    """
    cascade, folder = load_artifact(options)
    encoder = installed_encoder(folder, cascade.stance.encoder)
    fitted = recalibrate(cascade, read_examples(options.data / "dev.jsonl"), encoder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    metrics = read_metrics(folder)
    measured = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    facts = {key: value for key, value in manifest.items() if key not in _DERIVED}
    kept: dict[str, Any] = {key: metrics[key] for key in _OF_FIT if key in metrics}
    write_artifact(folder, fitted, facts, metrics=kept)
    unchanged = _parts(json.loads((folder / MANIFEST).read_text("utf-8"))) == _parts(manifest)
    report = _view(options, metrics) | {"measured_before_this_calibration": not unchanged}
    if unchanged:
        kept = {**metrics, "workload": report}
        update_files(folder, measured)
    update_files(folder, {METRICS: json_bytes(kept)})
    refresh_artifact(folder, options.artifacts)
    say(f"{cascade.model_version}: ambang {fitted.thresholds.to_dict()}")
    _tell(options, report)
    return 0


def _parts(manifest: dict[str, Any]) -> dict[str, str]:
    return {
        name: digest
        for name, digest in manifest["files"].items()
        if name not in _MEASURED and not name.endswith(".png")
    }


def run_workload(options: argparse.Namespace) -> int:
    """Print the analyst's view from what is recorded; nothing is changed."""
    _, folder = load_artifact(options)
    _tell(options, _view(options, read_metrics(folder)))
    return 0


def _view(options: argparse.Namespace, metrics: dict[str, Any]) -> dict[str, Any]:
    decisions = read_decisions(options.decisions) if options.decisions else None
    return analyst_view(
        metrics, volume=options.volume, background=options.background, decisions=decisions
    )


def _tell(options: argparse.Namespace, report: dict[str, Any]) -> None:
    say(workload_text(report))
    if report.get("measured_before_this_calibration") and not report["missing"]:
        say(
            "Perhatian: recall dan tanda palsu di atas diukur sebelum kalibrasi ini dan sudah "
            "dihapus dari artefak. Ukur lagi dengan evaluate --record test, background --record, "
            "fairness, lalu jalankan python -m training workload."
        )
    if options.out is not None:
        write_out(options, {"workload.json": json_bytes(report)})


def run_promote(options: argparse.Namespace) -> int:
    """Make an artifact active if it passes the gates; 1 when it does not."""
    try:
        notes = promote(options.model, options.artifacts, options.root)
    except PromotionRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    for note in notes:
        say(f"catatan: {note}")
    say(f"{options.model} aktif")
    return 0


def run_card(options: argparse.Namespace) -> int:
    """Write the model card of an artifact anew, and show it."""
    _, folder = load_artifact(options)
    refresh_artifact(folder, options.artifacts)
    card = (folder / "README.md").read_text(encoding="utf-8")
    say(card.rstrip())
    return 0
