"""Make an artifact the active one, if it passes the gates; otherwise say which it fails."""

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import registry
from models.artifact import MANIFEST, artifact_folder, read_artifact, sha256
from training.errors import PromotionRefused

# Floors for the written held-out posts, and ceilings for the neutral watcher (rule 7).
LOWEST_FLAG_PRECISION = 0.6
LOWEST_FLAG_RECALL = 0.6
LARGEST_MEAN_CHANGE = 0.02
LARGEST_SHARE_OF_FLIPS = 0.02


def gate_failures(metrics: Mapping[str, Any]) -> list[str]:
    """Return what keeps an artifact from being promoted; empty when nothing does."""
    failures: list[str] = []
    flag = metrics.get("test", {}).get("flag", {})
    for name, lowest in (("precision", LOWEST_FLAG_PRECISION), ("recall", LOWEST_FLAG_RECALL)):
        value = (flag.get(name) or {}).get("value")
        if value is None or value < lowest:
            shown = "belum diukur (evaluate --record test)," if value is None else value
            failures.append(f"flag {name} {shown} di bawah {lowest}")
    overall = metrics.get("fairness", {}).get("overall", {})
    if not overall.get("swaps"):
        failures.append("netralitas belum diukur (fairness)")
        return failures
    if overall["mean_change"] > LARGEST_MEAN_CHANGE:
        failures.append(f"perubahan skor rata-rata {overall['mean_change']} pada penukaran")
    if overall["flips"] > LARGEST_SHARE_OF_FLIPS * overall["swaps"]:
        failures.append(f"{overall['flips']} dari {overall['swaps']} penukaran mengubah sikap")
    return failures


def promote(reference: str, source: Path, root: Path) -> None:
    """Copy NAME@VERSION from `source` (a folder of artifacts) and make it active under `root`.

    Checks every hash and the gates of `metrics.json` first. Raises PromotionRefused,
    ArtifactNotFound or ArtifactDamaged; then nothing has changed.
    """
    folder = artifact_folder(source, reference)
    metrics = read_artifact(source, reference).json("metrics.json")
    failures = gate_failures(metrics)
    if failures:
        raise PromotionRefused(f"{reference}: {'; '.join(failures)}")
    target = root / registry.ARTIFACTS / folder.parent.name / folder.name
    if target.resolve() != folder.resolve():
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(folder, target)
    write_registry(root, active=reference)


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
