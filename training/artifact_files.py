"""The artifact a command works on: loaded, its measures stored, its card and hashes kept true."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import registry
from models.artifact import MANIFEST, artifact_folder, read_artifact
from models.cascade import Cascade
from models.errors import ArtifactNotFound
from training.errors import DatasetError
from training.export import json_bytes, update_files
from training.model_card import Variant, render_card
from training.promote import write_registry

METRICS = "metrics.json"
CARD = "README.md"
# A model trained on real posts as well is named after the one trained without.
EXTRA = "-extra"


def load_artifact(options: argparse.Namespace) -> tuple[Cascade, Path]:
    """Return the cascade `--model` names (else the active one) and the folder it lies in."""
    root: Path = options.artifacts.parent
    reference = options.model or registry.active_version(root)
    cascade = registry.load(reference, root=root, artifacts=options.artifacts)
    return cascade, artifact_folder(options.artifacts, reference)


def read_metrics(folder: Path) -> dict[str, Any]:
    """Return what has been measured on an artifact."""
    found: dict[str, Any] = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    return found


def store_measure(
    options: argparse.Namespace,
    folder: Path,
    key: str,
    result: dict[str, Any],
    pictures: Mapping[str, bytes] | None = None,
) -> None:
    """Write a result under `key` of metrics.json, of this artifact or of the one `--into` names.

    `variants/NAME@VERSION/test` keeps the result of a twin that is not shipped.
    """
    artifacts = options.artifacts
    if options.into:
        artifacts = options.into_artifacts or options.artifacts
        folder = artifact_folder(artifacts, options.into)
    metrics = read_metrics(folder)
    *path, last = key.split("/")
    place = metrics
    for part in path:
        place = place.setdefault(part, {})
    place[last] = result
    update_files(folder, {METRICS: json_bytes(metrics), **(pictures or {})})
    refresh_artifact(folder, artifacts)


def refresh_artifact(folder: Path, artifacts: Path) -> None:
    """Write the card anew and, where these artifacts have a registry, its hashes."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    metrics = read_metrics(folder)
    twins = _variants(manifest, artifacts, metrics.get("variants", {}))
    card = render_card(manifest, metrics, twins)
    update_files(folder, {CARD: card.encode()})
    read_artifact(artifacts, f"{manifest['name']}@{manifest['version']}")
    if (artifacts.parent / registry.REGISTRY).exists():
        write_registry(artifacts.parent)


def write_out(options: argparse.Namespace, contents: Mapping[str, bytes]) -> None:
    """Write results to `--out`; without it to the current folder, unless they are recorded."""
    out: Path | None = options.out
    if out is None:
        if getattr(options, "record", None):
            return
        out = Path()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise DatasetError(f"{out}: hasil tidak dapat ditulis ({error.strerror})") from error


def _variants(
    manifest: Mapping[str, Any], artifacts: Path, recorded: Mapping[str, Any]
) -> list[Variant]:
    """Return this artifact and its twin: same version, with and without the extra posts.

    A twin that is not installed is shown by what is `recorded` of it.
    """
    try:
        active = registry.active_version(artifacts.parent)
    except ArtifactNotFound:
        active = ""
    name, version = str(manifest["name"]).removesuffix(EXTRA), str(manifest["version"])
    found = []
    for twin in (name, f"{name}{EXTRA}"):
        reference = f"{twin}@{version}"
        if (artifacts / twin / version / METRICS).exists():
            metrics = read_metrics(artifacts / twin / version)
            found.append(Variant(reference, metrics, reference == active))
        elif reference in recorded:
            found.append(Variant(reference, recorded[reference]))
    return found
