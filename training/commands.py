"""What each command of `python -m training` does."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from models import registry
from models.artifact import MANIFEST, artifact_folder, read_artifact
from models.cascade import Cascade
from models.errors import PostError
from models.post import Post, parse_post
from training.dataset import file_digest, read_examples
from training.errors import DatasetError, PromotionRefused
from training.evaluate import judge_all, measure
from training.export import json_bytes, update_files, write_artifact
from training.fairness import counterfactual_change
from training.fit import fit, recalibrate
from training.model_card import render_card
from training.promote import promote, write_registry
from training.robustness import measure_robustness
from training.terminal import progress, say

_BATCH = 2_000


def run_fit(options: argparse.Namespace) -> int:
    """Train, calibrate and write an artifact."""
    started = time.perf_counter()
    train = read_examples(options.data / "train.jsonl")
    dev = read_examples(options.data / "dev.jsonl")
    extra = read_examples(options.extra, real=True) if options.extra else []
    fitted = fit(train, dev, extra, stemmed=not options.no_stems, progress=progress)
    seconds = round(time.perf_counter() - started, 1)
    data = [
        _data_entry(options.data / "train.jsonl", len(train), "fit, calibration by folds"),
        _data_entry(options.data / "dev.jsonl", len(dev), "calibration, thresholds"),
    ]
    if options.extra:
        data.append(_data_entry(options.extra, len(extra), "fit (extra, real posts)", "extra/"))
    folder = options.out / options.name / str(options.version)
    description = "TF-IDF dan regresi logistik, kata dasar Sastrawi"
    if options.no_stems:
        description = "TF-IDF dan regresi logistik, tanpa kata dasar (pembanding)"
    if extra:
        description += "; ditambah unggahan nyata"
    facts = {
        "name": options.name,
        "version": options.version,
        "description": description,
        "data": data,
        "command": _command(options),
    }
    write_artifact(folder, fitted, facts, metrics={"speed": {"fit_seconds": seconds}})
    _refresh(folder, options.out)
    say(f"{options.name}@{options.version}: {seconds} detik, {folder}")
    return 0


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit slope, shift, thresholds and risk of an artifact anew, from dev.jsonl alone."""
    cascade, folder = _load(options)
    dev = read_examples(options.data / "dev.jsonl")
    fitted = recalibrate(cascade, dev)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    kept = ("name", "version", "description", "data", "command")
    write_artifact(
        folder,
        fitted,
        {key: manifest[key] for key in kept},
        metrics={"speed": metrics.get("speed", {})},
    )
    _refresh(folder, options.artifacts)
    say(f"{cascade.model_version}: ambang {fitted.thresholds.to_dict()}")
    return 0


def run_evaluate(options: argparse.Namespace) -> int:
    """Measure on a labelled file; write metrics.json and, with authors, two pictures."""
    cascade, folder = _load(options)
    examples = read_examples(options.file)
    started = time.perf_counter()
    judged = judge_all(cascade, examples)
    seconds = time.perf_counter() - started
    metrics = {"model_version": cascade.model_version, **measure(judged)}
    options.out.mkdir(parents=True, exist_ok=True)
    pictures = _pictures(judged) if "flag" in metrics else {}
    if not options.record:
        (options.out / "metrics.json").write_bytes(json_bytes(metrics))
        for name, content in pictures.items():
            (options.out / name).write_bytes(content)
    else:
        shown = pictures if options.record == "test" and not options.into else {}
        _store(options, folder, options.record, metrics, shown)
    summary = {
        "posts": metrics["posts"],
        "gate": "on" if "flag" in metrics else "off",
        "stance_macro_f1": metrics["stance"]["macro_f1"],
        "seconds": round(seconds, 2),
    }
    if "flag" in metrics:
        summary |= {name: metrics["flag"][name] for name in ("precision", "recall")}
        summary["asn"] = {name: metrics["asn"][name] for name in ("precision", "recall")}
    say(json.dumps(summary))
    return 0


def run_fairness(options: argparse.Namespace) -> int:
    """Measure counterfactual change; `--record` stores it for the promotion gate."""
    cascade, folder = _load(options)
    result = counterfactual_change(cascade, read_examples(options.file))
    if options.record:
        _store(options, folder, "fairness", result)
    say(json.dumps(result, indent=2))
    return 0


def run_robustness(options: argparse.Namespace) -> int:
    """Measure the flag under disguises."""
    cascade, folder = _load(options)
    result = measure_robustness(cascade, read_examples(options.file))
    if options.record:
        _store(options, folder, "robustness", result)
    say(json.dumps(result, indent=2))
    return 0


def run_background(options: argparse.Namespace) -> int:
    """Count how many posts of an unlabelled file pass the gate, are told ASN, are flagged."""
    cascade, folder = _load(options)
    posts = _read_posts(options.file)
    started = time.perf_counter()
    passed = sum(cascade.gate.passes(post) for post in posts)
    gate_seconds = time.perf_counter() - started
    asn = flagged = 0
    for first in range(0, len(posts), _BATCH):
        for prediction in cascade.predict(posts[first : first + _BATCH]):
            asn += prediction.asn.label != "none"
            flagged += prediction.flag
        progress(f"{min(first + _BATCH, len(posts))}/{len(posts)}")
    result = {"posts": len(posts), "passed_gate": passed, "asn": asn, "flagged": flagged}
    if options.record:
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        background = {**metrics.get("background", {}), options.record: result}
        speed = {
            **metrics.get("speed", {}),
            "gate_posts_a_second": round(len(posts) / gate_seconds),
        }
        update_files(
            folder,
            {"metrics.json": json_bytes({**metrics, "background": background, "speed": speed})},
        )
        _refresh(folder, options.artifacts)
    say(json.dumps(result))
    return 0


def run_promote(options: argparse.Namespace) -> int:
    """Make an artifact active if it passes the gates; 1 when it does not."""
    try:
        promote(options.model, options.artifacts, options.root)
    except PromotionRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    say(f"{options.model} aktif")
    return 0


def _load(options: argparse.Namespace) -> tuple[Cascade, Path]:
    root: Path = options.artifacts.parent
    reference = options.model or registry.active_version(root)
    cascade = registry.load(reference, root=root, artifacts=options.artifacts)
    return cascade, artifact_folder(options.artifacts, reference)


def _store(
    options: argparse.Namespace,
    folder: Path,
    key: str,
    result: dict[str, Any],
    pictures: dict[str, bytes] | None = None,
) -> None:
    artifacts = options.artifacts
    if options.into:
        artifacts = options.into_artifacts or options.artifacts
        folder = artifact_folder(artifacts, options.into)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    metrics[key] = result
    update_files(folder, {"metrics.json": json_bytes(metrics), **(pictures or {})})
    _refresh(folder, artifacts)


def _refresh(folder: Path, artifacts: Path) -> None:
    """Write the card anew and, where these artifacts have a registry, its hashes."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    update_files(folder, {"README.md": render_card(manifest, metrics).encode()})
    read_artifact(artifacts, f"{manifest['name']}@{manifest['version']}")
    if (artifacts.parent / registry.REGISTRY).exists():
        write_registry(artifacts.parent)


def _pictures(judged: Any) -> dict[str, bytes]:
    try:
        from training.curves import curves

        return curves(judged)
    except ImportError:
        sys.stderr.write("matplotlib tidak terpasang: gambar kurva dilewati\n")
        return {}


def _read_posts(path: Path) -> list[Post]:
    posts: list[Post] = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            posts.append(parse_post(orjson.loads(line)))
        except (ValueError, PostError) as error:
            raise DatasetError(f"{path.name}, line {number}: {error}") from error
    return posts


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
    return " ".join(parts)
