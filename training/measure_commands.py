"""The commands that measure: evaluate, fairness, robustness, background, benchmark."""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import orjson

from models.errors import PostError
from models.post import Post, parse_post
from training.artifact_files import METRICS, load_artifact, read_metrics, store_measure, write_out
from training.baseline import Embed, compare_baselines
from training.benchmark import measure_process, measure_speed
from training.dataset import Example, file_digest, read_examples
from training.errors import DatasetError
from training.evaluate import Judged, judge_all, measure
from training.export import json_bytes
from training.fairness import measure_fairness
from training.robustness import measure_robustness
from training.stage_loss import failures
from training.terminal import progress, say

_BATCH = 2_000
# The few pictures of `fairness` that go into an artifact; the others are drawn to --out.
_KEPT = ("swaps.png", "rates_party.png", "rates_language.png")
_ENCODER = "training.encoder.frozen"


def run_evaluate(options: argparse.Namespace) -> int:
    """Measure on a labelled file; write metrics.json, failures.json and pictures."""
    cascade, folder = load_artifact(options)
    examples = read_examples(options.file)
    started = time.perf_counter()
    judged = judge_all(cascade, examples)
    seconds = time.perf_counter() - started
    metrics = {
        "model_version": cascade.model_version,
        "file": _file(options.file),
        **measure(judged),
    }
    if options.baselines:
        metrics["baselines"] = _baselines(options, judged)
    found = _pictures(lambda: _evaluation_pictures(judged, metrics))
    details = {"failures.json": json_bytes(failures(judged))}
    write_out(options, {METRICS: json_bytes(metrics), **details, **found})
    if options.record:
        # Pictures of the held-out posts belong to the artifact; others would overwrite them.
        shown = found if options.record == "test" and not options.into else {}
        store_measure(options, folder, options.record, metrics, shown)
    say(json.dumps(_summary(metrics, round(seconds, 2))))
    return 0


def _evaluation_pictures(judged: list[Judged], metrics: Mapping[str, Any]) -> dict[str, bytes]:
    from training.curves import curves
    from training.pictures import evaluation_pictures

    drawn = curves(judged) if "flag" in metrics else {}
    return {**drawn, **evaluation_pictures(judged, metrics)}


def _summary(metrics: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    summary = {
        "posts": metrics["posts"],
        "gate": "on" if "flag" in metrics else "off",
        "stance_macro_f1": metrics["stance"]["macro_f1"],
        "seconds": seconds,
    }
    if "flag" in metrics:
        lost = metrics["stages"]["lost"]
        summary |= {name: metrics["flag"][name] for name in ("precision", "recall")}
        summary["asn"] = {name: metrics["asn"][name] for name in ("precision", "recall")}
        summary["lost"] = {stage: item["posts"] for stage, item in lost.items()}
        summary["ece"] = metrics["calibration"]["ece_equal_width"]
    if "baselines" in metrics:
        rows = metrics["baselines"]["rows"]
        summary["baselines"] = {name: row["stance_macro_f1"] for name, row in rows.items()}
    return summary


def _baselines(options: argparse.Namespace, judged: list[Judged]) -> dict[str, Any]:
    train: list[Example] = read_examples(options.baselines)
    files = [_file(options.baselines)]
    if options.extra:
        train += read_examples(options.extra, real=True)
        files.append(_file(options.extra))
    found = compare_baselines(train, judged, embed=_embed(), progress=progress)
    return {"trained_on_files": files, **found}


def _embed() -> Embed | None:
    """Return the frozen encoder, where its libraries and weights are at hand."""
    try:
        return cast(Embed, importlib.import_module(_ENCODER).embed_texts)
    except ImportError:
        return None


def run_fairness(options: argparse.Namespace) -> int:
    """Measure rates by group and counterfactual change; `--record` stores both for promotion."""
    cascade, folder = load_artifact(options)
    examples = [example for path in options.files for example in read_examples(path)]
    result = measure_fairness(cascade, examples)
    result["files"] = [_file(path) for path in options.files]
    found = _pictures(lambda: _fairness_pictures(result))
    write_out(options, {"fairness.json": json_bytes(result), **found})
    if options.record:
        kept = {} if options.into else {name: found[name] for name in _KEPT if name in found}
        store_measure(options, folder, "fairness", result, kept)
    shown = {name: value for name, value in result.items() if name != "by_group"}
    groups = result.get("by_group", {})
    shown["difference"] = {name: part["difference"] for name, part in groups.items()}
    say(json.dumps(shown, indent=2, ensure_ascii=False))
    return 0


def _fairness_pictures(result: Mapping[str, Any]) -> dict[str, bytes]:
    from training.pictures import fairness_pictures

    return fairness_pictures(result)


def run_robustness(options: argparse.Namespace) -> int:
    """Measure the flag under disguises."""
    cascade, folder = load_artifact(options)
    result = measure_robustness(cascade, read_examples(options.file))
    found = _pictures(lambda: _robustness_picture(result))
    write_out(options, {"robustness.json": json_bytes(result), **found})
    if options.record:
        store_measure(options, folder, "robustness", result)
    say(json.dumps(result, indent=2))
    return 0


def _robustness_picture(result: Mapping[str, Any]) -> dict[str, bytes]:
    from training.pictures import robustness_picture

    return {"robustness.png": robustness_picture(result)}


def run_background(options: argparse.Namespace) -> int:
    """Count how many posts of an unlabelled file pass the gate, are told ASN, are flagged."""
    cascade, folder = load_artifact(options)
    posts = _read_posts(options.file)
    passed = sum(cascade.gate.passes(post) for post in posts)
    asn = 0
    flagged: list[str] = []
    for first in range(0, len(posts), _BATCH):
        for prediction in cascade.predict(posts[first : first + _BATCH], explain=False):
            asn += prediction.asn.label != "none"
            if prediction.flag:
                flagged.append(prediction.id)
        progress(f"{min(first + _BATCH, len(posts))}/{len(posts)}")
    result = {
        "posts": len(posts),
        "passed_gate": passed,
        "asn": asn,
        "flagged": len(flagged),
        "sha256": file_digest(options.file),
    }
    if options.record:
        found = {**read_metrics(folder).get("background", {}), options.record: result}
        store_measure(options, folder, "background", found)
    # Ids of real posts are shown to whoever measures, and kept nowhere.
    say(json.dumps({**result, "flagged_ids": flagged}))
    return 0


def run_benchmark(options: argparse.Namespace) -> int:
    """Measure speed, memory and time to the first prediction on this machine."""
    cascade, folder = load_artifact(options)
    posts = _read_posts(options.file)
    speed = measure_speed(cascade, posts, size=options.posts, progress=progress)
    progress("proses penilai")
    speed |= measure_process(cascade.model_version, options.artifacts, posts)
    write_out(options, {"benchmark.json": json_bytes(speed)})
    if options.record:
        store_measure(options, folder, "speed", {**read_metrics(folder).get("speed", {}), **speed})
    say(json.dumps(speed, indent=2))
    return 0


def _file(path: Path) -> dict[str, str]:
    """Return name and hash of a file; where it lies is nobody's business."""
    return {"name": path.name, "sha256": file_digest(path)}


def _pictures(draw: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
    try:
        return draw()
    except ImportError:
        sys.stderr.write("matplotlib tidak terpasang: gambar dilewati\n")
        return {}


def _read_posts(path: Path) -> list[Post]:
    posts: list[Post] = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DatasetError(f"{path.name}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        try:
            posts.append(parse_post(orjson.loads(line)))
        except (ValueError, PostError) as error:
            raise DatasetError(f"{path.name}, line {number}: {error}") from error
    return posts
