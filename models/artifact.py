"""A trained model on disk: JSON, arrays, an ONNX graph, each named and hashed in a manifest.

Nothing in it can run on its own: no pickle, no code. Bytes are read once, compared with the
manifest, and only then taken apart.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ArtifactDamaged, ArtifactNotFound, ArtifactUnsupported

FORMAT = 2
MANIFEST = "manifest.json"
# What an artifact may consist of; anything else (a pickle, a script) is refused unread.
_SUFFIXES = frozenset({".json", ".npz", ".onnx", ".md", ".png"})
_REFERENCE = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)@(?P<version>[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Artifact:
    """A checked artifact: its manifest and the bytes of every file it lists."""

    reference: str
    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    def json(self, name: str) -> Any:
        """Return one JSON file, decoded. Raises ArtifactDamaged."""
        try:
            return json.loads(self.content(name))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ArtifactDamaged(f"{self.reference}: {name}: {error}") from error

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the arrays of one .npz file. Raises ArtifactDamaged; never unpickles."""
        try:
            with np.load(io.BytesIO(self.content(name)), allow_pickle=False) as loaded:
                return {key: loaded[key] for key in loaded.files}
        except (ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
            raise ArtifactDamaged(f"{self.reference}: {name}: {error}") from error

    def content(self, name: str) -> bytes:
        """Return the bytes of one file. Raises ArtifactDamaged when it is not listed."""
        try:
            return self.files[name]
        except KeyError:
            raise ArtifactDamaged(f"{self.reference}: {name} is missing") from None


def artifact_folder(root: Path, reference: str) -> Path:
    """Return the folder of NAME@VERSION under `root`. Raises ArtifactNotFound."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ArtifactNotFound(f"{reference!r} is not of the form name@version")
    folder = root / match["name"] / match["version"]
    if not folder.is_dir():
        raise ArtifactNotFound(f"{reference} is not installed")
    return folder


def read_artifact(root: Path, reference: str, manifest_sha256: str | None = None) -> Artifact:
    """Read and check every file of an artifact.

    `manifest_sha256`, where the registry knows it, pins the manifest itself. Raises
    ArtifactNotFound, ArtifactDamaged (a hash differs, a file is missing or not listed) or
    ArtifactUnsupported (unknown format or kind of file).
    """
    folder = artifact_folder(root, reference)
    manifest = _manifest(folder, reference, manifest_sha256)
    listed = dict(manifest["files"])
    _refuse_unlisted(folder, reference, listed)
    files: dict[str, bytes] = {}
    for name, expected in listed.items():
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise ArtifactDamaged(f"{reference}: {name} cannot be read") from error
        if sha256(content) != expected:
            raise ArtifactDamaged(f"{reference}: {name} differs from the manifest")
        files[name] = content
    return Artifact(reference, manifest, files)


def _manifest(folder: Path, reference: str, pinned: str | None) -> dict[str, Any]:
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ArtifactDamaged(f"{reference}: {MANIFEST} cannot be read") from error
    if pinned is not None and sha256(content) != pinned:
        raise ArtifactDamaged(f"{reference}: {MANIFEST} differs from the registry")
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ArtifactDamaged(f"{reference}: {MANIFEST} lists no files")
    if manifest.get("format") != FORMAT:
        raise ArtifactUnsupported(f"{reference}: format {manifest.get('format')!r} is unknown")
    if f"{manifest.get('name')}@{manifest.get('version')}" != reference:
        raise ArtifactDamaged(f"{reference}: {MANIFEST} belongs to another artifact")
    return manifest


def _refuse_unlisted(folder: Path, reference: str, listed: Mapping[str, str]) -> None:
    for name in listed:
        if Path(name).name != name or Path(name).suffix not in _SUFFIXES:
            raise ArtifactUnsupported(f"{reference}: {name} is not a kind of file allowed here")
    for path in folder.iterdir():
        if path.name == MANIFEST and path.is_file():
            continue
        if path.name not in listed or path.is_symlink() or not path.is_file():
            raise ArtifactDamaged(f"{reference}: {path.name} is not listed in the manifest")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
