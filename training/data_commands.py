"""What the commands on the labelled data do: check them, and tell what more of them would bring."""

import argparse
import sys

from training.curves import learning_picture
from training.data_check.dataset_files import CONTRAST, write_checksums
from training.dataset import read_examples
from training.errors import DatasetError, TrainingError
from training.export import json_bytes
from training.learning_curve import learning_curve
from training.terminal import progress, say


def run_check(options: argparse.Namespace) -> int:
    """Check a folder of labelled posts; 1 when anything in it is refused.

    Raises TrainingError without datasketch (the `train` extra): the other commands do without.
    """
    try:
        from training.data_check.check import check_folder
        from training.data_check.report_text import report_text
    except ImportError as error:
        raise TrainingError(f"{error.name} tidak terpasang: pip install -e '.[train]'") from error
    if options.write_checksums:
        write_checksums(options.folder)
    report = check_folder(options.folder, progress)
    say(report_text(report).rstrip())
    if options.json:
        try:
            options.json.write_bytes(json_bytes(report.to_dict()))
        except OSError as error:
            raise DatasetError(f"{options.json}: laporan tidak dapat ditulis") from error
    return 1 if report.faults else 0


def run_learning_curve(options: argparse.Namespace) -> int:
    """Write learning_curve.json and .png: stance scores by number of training posts."""
    written = read_examples(options.data / "train.jsonl")
    real = read_examples(options.real, real=True) if options.real else []
    measured = {"test": read_examples(options.data / "test.jsonl")}
    contrast = options.data / f"{CONTRAST}.jsonl"
    if contrast.exists():
        measured[CONTRAST] = read_examples(contrast)
    if options.real_test:
        measured["real"] = read_examples(options.real_test, real=True)
    for name, examples in measured.items():
        if not examples:
            raise DatasetError(f"{name}: tidak ada unggahan untuk diukur")
    rows = learning_curve(written, real, measured, progress)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "learning_curve.json").write_bytes(json_bytes(rows))
    try:
        picture = learning_picture(rows, list(measured))
        (options.out / "learning_curve.png").write_bytes(picture)
    except ImportError:
        sys.stderr.write("matplotlib tidak terpasang: gambar kurva dilewati\n")
    for row in rows:
        scores = ", ".join(f"{name} {_shown(row[name]['value'])}" for name in measured)
        say(f"tulisan {row['written_posts']}, nyata {row['real_posts']}: {scores}")
    return 0


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
