"""Make an artifact the active one, if it passes the gates; otherwise say which it fails."""

import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import registry
from models.artifact import MANIFEST, artifact_folder, read_artifact, sha256
from models.errors import ArtifactNotFound, ArtifactUnsupported
from training.errors import PromotionRefused
from training.gates import check_gates


def promote(reference: str, source: Path, root: Path) -> list[str]:
    """Copy NAME@VERSION from `source` (a folder of artifacts) and make it active under `root`.

    Checks every hash and the gates (`training.gates`) first; returns what could not be tested.
    Raises PromotionRefused, ArtifactNotFound or ArtifactDamaged; then nothing has changed.
    """
    folder = artifact_folder(source, reference)
    metrics = read_artifact(source, reference).json("metrics.json")
    report = check_gates(reference, metrics, _active(root))
    if report.failures:
        lines = [f"{reference} tidak ditetapkan:", *report.failures, *report.notes]
        raise PromotionRefused("\n- ".join(lines))
    target = root / registry.ARTIFACTS / folder.parent.name / folder.name
    if target.resolve() != folder.resolve():
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(folder, target)
    write_registry(root, active=reference)
    return report.notes


def _active(root: Path) -> tuple[str, Mapping[str, Any]] | None:
    """Return the artifact in use and its metrics; None when nothing is in use yet."""
    try:
        reference = registry.active_version(root)
    except ArtifactNotFound:
        return None
    folder = root / registry.ARTIFACTS
    try:
        return reference, read_artifact(folder, reference).json("metrics.json")
    except ArtifactUnsupported:
        # An artifact of an older form no longer loads, but what was measured on it still counts.
        metrics = artifact_folder(folder, reference) / "metrics.json"
        return reference, json.loads(metrics.read_text(encoding="utf-8"))


def write_registry(root: Path, *, active: str | None = None) -> None:
    """Write `registry.toml`: the active artifact, and the hash of every installed manifest."""
    path = root / registry.REGISTRY
    if active is None and path.exists():
        active = tomllib.loads(path.read_text(encoding="utf-8")).get("active")
    manifests = sorted(
        (root / registry.ARTIFACTS).glob(f"*/*/{MANIFEST}"),
        key=lambda found: (found.parts[-3], int(found.parts[-2])),
    )
    lines = [
        "# Which classifier Netra uses, and the SHA-256 of each installed manifest. Written by",
        "# `python -m training promote`; change `active` to go back to an earlier one.",
        f'active = "{active or ""}"',
        "",
        "[sha256]",
        *(f'"{m.parts[-3]}@{m.parts[-2]}" = "{sha256(m.read_bytes())}"' for m in manifests),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
