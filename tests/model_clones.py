"""A folder of models made for a test: the shipped one under other names, hashes and all."""

import json
import shutil
from pathlib import Path

from models.artifact import MANIFEST, sha256
from models.registry import active_version, default_root


def clone_models(root: Path, *references: str) -> Path:
    """Install the shipped active model under each NAME@VERSION; the first is the one in use."""
    name, version = active_version().split("@")
    shipped = default_root() / "artifacts" / name / version
    hashes = {}
    for reference in references:
        name, version = reference.split("@")
        folder = root / "artifacts" / name / version
        shutil.copytree(shipped, folder)
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest |= {"name": name, "version": int(version)}
        (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
        hashes[reference] = sha256((folder / MANIFEST).read_bytes())
    lines = [f'active = "{references[0]}"', "[sha256]"]
    lines += [f'"{reference}" = "{digest}"' for reference, digest in hashes.items()]
    (root / "registry.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return root
