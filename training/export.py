"""Write an artifact: JSON, arrays, card, and the manifest that names and hashes each file."""

import io
import json
import platform
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import FORMAT, MANIFEST, sha256
from models.encoder.part import EncoderPart
from models.labels import GUIDE_VERSION
from models.linear import LinearClassifier
from models.registry import ENCODER, ENCODER_GRAPH, TOKENIZER
from training.errors import TrainingError
from training.fit import Fitted, FittedEncoder
from training.fit_stance import entity_data

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "Sastrawi", "pyahocorasick", "tokenizers")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_artifact(
    folder: Path, fitted: Fitted, facts: Mapping[str, Any], *, metrics: Mapping[str, Any]
) -> None:
    """Write all files of an artifact into `folder`, replacing what is there.

    `facts` go into the manifest: name, version, description, data, command. The card is
    written by `training.model_card` afterwards, followed by `write_manifest`.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for part, classifier in _classifiers(fitted).items():
        _write_json(folder / f"{part}.json", classifier.description(), compact=True)
        (folder / f"{part}.npz").write_bytes(_npz(classifier))
    if fitted.encoder is not None:
        (folder / ENCODER_GRAPH).write_bytes(fitted.encoder.graph)
        (folder / TOKENIZER).write_bytes(fitted.encoder.tokenizer)
        _write_json(folder / ENCODER, fitted.encoder.part.to_dict())
    _write_json(folder / "entities.json", entity_data())
    _write_json(folder / "thresholds.json", fitted.thresholds.to_dict())
    _write_json(folder / "risk.json", fitted.risk.to_dict())
    _write_json(folder / "metrics.json", metrics)
    write_manifest(folder, {**facts, "stemmed": fitted.stemmed})


def installed_encoder(folder: Path, part: EncoderPart | None) -> FittedEncoder | None:
    """Return the encoder of an artifact as it lies in `folder`, to be written again unchanged."""
    if part is None:
        return None
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    return FittedEncoder(
        graph=(folder / ENCODER_GRAPH).read_bytes(),
        tokenizer=(folder / TOKENIZER).read_bytes(),
        part=part,
        facts=metrics.get("fit", {}),
        source=manifest.get("backbone", {}).get("source", ""),
    )


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Hash every file of `folder` and write the manifest. Raises TrainingError on a subfolder."""
    files: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.name == MANIFEST:
            continue
        if not path.is_file():
            raise TrainingError(f"{path.name} is not a file")
        files[path.name] = sha256(path.read_bytes())
    manifest = {
        "format": FORMAT,
        **facts,
        "created": facts.get("created") or datetime.now(UTC).isoformat(timespec="seconds"),
        "guide_version": GUIDE_VERSION,
        "code": {"python": platform.python_version(), **{n: version(n) for n in _LIBRARIES}},
        "files": files,
    }
    _write_json(folder / MANIFEST, manifest)


def update_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write or replace some files of an artifact and bring its manifest up to date."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    derived = ("files", "format", "guide_version", "code")
    write_manifest(folder, {k: v for k, v in manifest.items() if k not in derived})


def json_bytes(value: Any) -> bytes:
    """Return `value` as readable JSON, keys in the order given."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _classifiers(fitted: Fitted) -> dict[str, LinearClassifier]:
    return {"author": fitted.author, "stance": fitted.stance, "acts": fitted.acts}


def _write_json(path: Path, value: Any, *, compact: bool = False) -> None:
    if compact:
        path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    else:
        path.write_bytes(json_bytes(value))


def _npz(classifier: LinearClassifier) -> bytes:
    """Return the arrays as .npz whose bytes depend on nothing but the numbers (no clock)."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in classifier.arrays().items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content.getvalue())
    return buffer.getvalue()
