"""Which classifiers are installed, which is active, and the only way to load one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.acts import ActModel
from models.artifact import Artifact, artifact_folder, read_artifact
from models.author.gate import AsnGate
from models.author.judge import AuthorJudge
from models.cascade import Cascade
from models.encoder.part import EncoderPart
from models.encoder.reader import EncoderReader
from models.errors import ArtifactDamaged, ArtifactForeign, ArtifactNotFound, ModelError
from models.linear import LinearClassifier
from models.risk import RiskModel
from models.stance.judge import StanceModel
from models.stance.mask import Entities
from models.targets import Gazetteer
from models.thresholds import Thresholds

REGISTRY = "registry.toml"
ARTIFACTS = "artifacts"
ENCODER, ENCODER_GRAPH, TOKENIZER = "encoder.json", "encoder.onnx", "tokenizer.json"


@dataclass(frozen=True, slots=True)
class ArtifactInfo:
    """One installed artifact; `size` in bytes, `created` an ISO 8601 date and time."""

    name: str
    version: int
    active: bool
    description: str
    size: int
    created: str


def default_root() -> Path:
    """Return the folder that holds the shipped `registry.toml` and `artifacts/`."""
    return Path(__file__).resolve().parent


def active_version(root: Path | None = None) -> str:
    """Return NAME@VERSION of the active artifact. Raises ArtifactNotFound when none is named."""
    active = _registry(root or default_root()).get("active")
    if not isinstance(active, str) or not active:
        raise ArtifactNotFound(f"{REGISTRY} names no active artifact")
    return active


def list_artifacts(root: Path | None = None) -> list[ArtifactInfo]:
    """Return every installed artifact, by name and version.

    A damaged one is listed with what is known of it; `verify` tells what is wrong.
    """
    base = root or default_root()
    active = _registry(base).get("active")
    folders = sorted(
        (path for path in (base / ARTIFACTS).glob("*/*") if path.is_dir() and path.name.isdigit()),
        key=lambda path: (path.parent.name, int(path.name)),
    )
    return [_info(folder, active) for folder in folders]


def verify(name_at_version: str, root: Path | None = None) -> None:
    """Check every file of an artifact against its manifest.

    Raises ArtifactNotFound, ArtifactDamaged or ArtifactUnsupported.
    """
    _read(name_at_version, root or default_root())


def verify_pinned(name_at_version: str, root: Path | None = None) -> str:
    """Check an artifact whose manifest the registry vouches for; return the manifest's SHA-256.

    Raises what `verify` raises, and ArtifactForeign where the registry has no hash of it.
    """
    base = root or default_root()
    _read(name_at_version, base)
    pinned = _registry(base).get("sha256", {}).get(name_at_version)
    if not isinstance(pinned, str):
        raise ArtifactForeign(f"{name_at_version} has no hash in {REGISTRY}")
    return pinned


def load(
    name_at_version: str | None = None,
    gazetteer: Gazetteer | None = None,
    *,
    root: Path | None = None,
    artifacts: Path | None = None,
) -> Cascade:
    """Load an artifact (the active one by default), every file checked before it is used.

    `gazetteer` gives the names looked for as targets; without it only numbers are found.
    `artifacts` names another folder of artifacts than the one under `root`. Raises
    ArtifactNotFound, ArtifactDamaged or ArtifactUnsupported, all of them ModelError.
    """
    base = root or default_root()
    reference = name_at_version or active_version(base)
    artifact = _read(reference, base, artifacts)
    try:
        return _cascade(artifact, gazetteer or Gazetteer.empty())
    except ModelError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ArtifactDamaged(f"{reference}: parts do not fit together: {error}") from error


def _cascade(artifact: Artifact, gazetteer: Gazetteer) -> Cascade:
    thresholds = Thresholds.from_dict(artifact.json("thresholds.json"))
    entities = Entities.from_dict(artifact.json("entities.json"))
    encoder = _encoder(artifact, entities)
    return Cascade(
        model_version=artifact.reference,
        gate=AsnGate(),
        author=AuthorJudge(
            _classifier(artifact, "author"), thresholds.asn, thresholds.asn_post_only, encoder
        ),
        stance=StanceModel(
            _classifier(artifact, "stance"),
            entities,
            thresholds.stance,
            stemmed=bool(artifact.manifest.get("stemmed", True)),
            encoder=encoder,
        ),
        acts=ActModel(_classifier(artifact, "acts"), dict(thresholds.acts), entities, encoder),
        risk=RiskModel.from_dict(artifact.json("risk.json")),
        gazetteer=gazetteer,
    )


def _encoder(artifact: Artifact, entities: Entities) -> EncoderPart | None:
    """Return the encoder, where the artifact has one: small artifacts count words alone."""
    if ENCODER not in artifact.files:
        return None
    reader = EncoderReader(artifact.content(ENCODER_GRAPH), artifact.content(TOKENIZER))
    return EncoderPart.from_dict(artifact.json(ENCODER), reader, entities)


def _classifier(artifact: Artifact, part: str) -> LinearClassifier:
    return LinearClassifier.rebuild(artifact.json(f"{part}.json"), artifact.arrays(f"{part}.npz"))


def _read(reference: str, base: Path, artifacts: Path | None = None) -> Artifact:
    pinned = _registry(base).get("sha256", {}).get(reference)
    return read_artifact(artifacts or base / ARTIFACTS, reference, pinned)


def _registry(base: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((base / REGISTRY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArtifactDamaged(f"{REGISTRY}: {error}") from error


def _info(folder: Path, active: object) -> ArtifactInfo:
    name, version = folder.parent.name, int(folder.name)
    reference = f"{name}@{version}"
    try:
        manifest = read_artifact(folder.parents[1], reference).manifest
    except ModelError:
        manifest = {}
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    return ArtifactInfo(
        name=name,
        version=version,
        active=reference == active,
        description=str(manifest.get("description", "")),
        size=size,
        created=str(manifest.get("created", "")),
    )


def artifact_card(name_at_version: str, root: Path | None = None) -> str:
    """Return the model card (Markdown) of an installed artifact. Raises ArtifactNotFound."""
    folder = artifact_folder((root or default_root()) / ARTIFACTS, name_at_version)
    try:
        return (folder / "README.md").read_text(encoding="utf-8")
    except OSError as error:
        raise ArtifactDamaged(f"{name_at_version}: README.md cannot be read") from error
