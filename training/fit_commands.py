"""`python -m training fit`: its options, and the artifact it writes."""

import argparse
import time
from pathlib import Path
from typing import Any

from models import registry
from training.artifact_files import refresh_artifact
from training.dataset import Example, file_digest, read_examples
from training.encoder.plan import HUB_NAME, WHEEL, FinetunePlan
from training.export import write_artifact
from training.fit import Fitted, fit
from training.fit_author import talk_about_civil_servants
from training.terminal import progress, say

_DATA = Path("data/labeled")
_WORK = Path("build/fit")
_ARTIFACTS = registry.default_root() / registry.ARTIFACTS


def add_fit(parent: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options to the parser."""
    fit = parent.add_parser("fit", help="latih dari data/labeled")
    fit.add_argument("--extra", type=Path, help="JSONL unggahan nyata berlabel stance")
    fit.add_argument("--name", default="netra-id", help="nama artefak; bawaan: netra-id")
    fit.add_argument("--version", type=int, default=1, help="nomor versi artefak; bawaan: 1")
    fit.add_argument("--data", type=Path, default=_DATA, help="folder train.jsonl dan dev.jsonl")
    fit.add_argument("--out", type=Path, default=_ARTIFACTS, help="folder artefak")
    fit.add_argument("--no-stems", action="store_true", help="pembanding tanpa kata dasar")
    fit.add_argument(
        "--no-encoder", action="store_true", help="hitungan kata saja: hitungan menit, 3 MB"
    )
    fit.add_argument("--backbone", metavar="SUMBER", help="nama hub, folder, atau berkas .bin")
    fit.add_argument(
        "--work", type=Path, default=_WORK, help="folder titik lanjut; bawaan: build/fit"
    )
    fit.add_argument("--epochs", type=int, default=FinetunePlan().epochs, help="putaran melatih")
    fit.set_defaults(run=run_fit)


def run_fit(options: argparse.Namespace) -> int:
    """Train, calibrate and write an artifact."""
    started = time.perf_counter()
    train = read_examples(options.data / "train.jsonl")
    dev = read_examples(options.data / "dev.jsonl")
    extra = read_examples(options.extra, real=True) if options.extra else []
    fitted = _fitted(options, train, dev, extra)
    # A run that was cut off and taken up again took longer than this process.
    earlier = fitted.encoder.facts["earlier_seconds"] if fitted.encoder else 0
    seconds = round(time.perf_counter() - started + earlier, 1)
    data = [
        _data_entry(options.data / "train.jsonl", len(train), "fit, calibration by folds"),
        _data_entry(options.data / "dev.jsonl", len(dev), "calibration, thresholds"),
    ]
    talk = Path(__file__).with_name("civil_service_talk.toml")
    use = "fit (author), posts by people who are no civil servants"
    data.append(_data_entry(talk, len(talk_about_civil_servants()), use, "training/"))
    if options.extra:
        data.append(_data_entry(options.extra, len(extra), "fit (extra, real posts)", "extra/"))
    folder = options.out / options.name / str(options.version)
    facts = {
        "name": options.name,
        "version": options.version,
        "description": _description(options, fitted),
        "data": data,
        "command": _command(options),
    }
    if fitted.encoder is not None:
        facts["backbone"] = backbone_facts(fitted.encoder.source)
    metrics: dict[str, Any] = {"speed": {"fit_seconds": seconds}}
    if fitted.encoder is not None:
        metrics["fit"] = dict(fitted.encoder.facts)
    write_artifact(folder, fitted, facts, metrics=metrics)
    refresh_artifact(folder, options.out)
    say(f"{options.name}@{options.version}: {seconds} detik, {folder}")
    return 0


def _fitted(
    options: argparse.Namespace,
    train: list[Example],
    dev: list[Example],
    extra: list[Example],
) -> Fitted:
    stemmed = not options.no_stems
    if options.no_encoder:
        return fit(train, dev, extra, stemmed=stemmed, progress=progress)
    # Imported late: torch takes seconds, and word counts alone do not need it.
    from training.fit_encoder import EncoderOptions, fit_encoder, kept_of_extra

    kept = kept_of_extra(extra)
    words = fit(train, dev, kept, stemmed=stemmed, read=True, progress=progress)
    plan = FinetunePlan(epochs=options.epochs)
    work = options.work / f"{options.name}@{options.version}"
    return fit_encoder(
        words, train, dev, extra, EncoderOptions(options.backbone, work, plan), progress
    )


def _description(options: argparse.Namespace, fitted: Fitted) -> str:
    text = "TF-IDF dan regresi logistik"
    if fitted.encoder is not None:
        text = "Encoder multilingual-e5-small (int8) bersama TF-IDF dan regresi logistik"
    text += ", tanpa kata dasar (pembanding)" if options.no_stems else ", kata dasar Sastrawi"
    return text + ("; ditambah unggahan nyata" if options.extra else "")


def backbone_facts(source: str) -> dict[str, str]:
    """Return source and licence of the starting weights; of others the licence is not known."""
    known = source == HUB_NAME or source.startswith(WHEEL)
    return {"source": source, "licence": "MIT" if known else "periksa pada sumbernya"}


def _data_entry(path: Path, rows: int, use: str, prefix: str = "data/labeled/") -> dict[str, Any]:
    return {"file": f"{prefix}{path.name}", "sha256": file_digest(path), "rows": rows, "use": use}


def _command(options: argparse.Namespace) -> str:
    parts = ["python -m training fit"]
    if options.extra:
        # Where the file lay is nobody's business; its hash says which one it was.
        parts.append(f"--extra {options.extra.name}")
    parts.append(f"--name {options.name} --version {options.version}")
    if options.no_stems:
        parts.append("--no-stems")
    if options.no_encoder:
        parts.append("--no-encoder")
    elif options.epochs != FinetunePlan().epochs:
        parts.append(f"--epochs {options.epochs}")
    if options.backbone and not options.no_encoder:
        parts.append(f"--backbone {Path(options.backbone).name}")
    return " ".join(parts)
