"""Nothing is loaded that was not checked: hashes, list of files, kinds of file, format."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models import registry
from models.artifact import sha256
from models.cascade import Cascade
from models.errors import ArtifactDamaged, ArtifactNotFound, ArtifactUnsupported
from models.post import Post


@pytest.fixture
def root(small_root: Path, tmp_path: Path) -> Path:
    """A copy of the small registry that a test may damage; its manifest is not pinned."""
    shutil.copytree(small_root, tmp_path, dirs_exist_ok=True)
    (tmp_path / "registry.toml").write_text('active = "kecil@1"\n')
    return tmp_path


def folder(root: Path) -> Path:
    return root / "artifacts" / "kecil" / "1"


def rewrite(root: Path, name: str, content: bytes) -> None:
    """Replace a file and make the manifest agree, as somebody who means harm would."""
    (folder(root) / name).write_bytes(content)
    manifest = json.loads((folder(root) / "manifest.json").read_text())
    manifest["files"][name] = sha256(content)
    (folder(root) / "manifest.json").write_text(json.dumps(manifest))


def test_load_list_and_verify(root: Path) -> None:
    registry.verify("kecil@1", root=root)
    assert registry.active_version(root) == "kecil@1"
    info = registry.list_artifacts(root)[0]
    assert (info.name, info.version, info.active) == ("kecil", 1, True)
    assert 0 < info.size < 6_000_000
    assert registry.load(root=root).model_version == "kecil@1"


@pytest.mark.parametrize("reference", ["tiada@1", "kecil@2", "kecil", "../kecil@1", "kecil@01", ""])
def test_unknown_artifact(root: Path, reference: str) -> None:
    with pytest.raises(ArtifactNotFound):
        registry.verify(reference, root=root)


def test_no_active_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactNotFound):
        registry.load(root=tmp_path)


@pytest.mark.parametrize("name", ["stance.npz", "author.json", "thresholds.json", "entities.json"])
def test_one_changed_byte_is_refused(root: Path, name: str) -> None:
    path = folder(root) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArtifactDamaged, match=name):
        registry.load("kecil@1", root=root)


def test_missing_file_is_refused(root: Path) -> None:
    (folder(root) / "risk.json").unlink()
    with pytest.raises(ArtifactDamaged, match=r"risk\.json"):
        registry.verify("kecil@1", root=root)


@pytest.mark.parametrize("name", ["model.pkl", "extra.json", "sub"])
def test_unlisted_file_is_refused(root: Path, name: str) -> None:
    if name == "sub":
        (folder(root) / name).mkdir()
    else:
        (folder(root) / name).write_bytes(b"{}")
    with pytest.raises(ArtifactDamaged, match=name):
        registry.load("kecil@1", root=root)


def test_listed_pickle_is_refused(root: Path) -> None:
    rewrite(root, "model.pkl", b"cos\nsystem\n")
    with pytest.raises(ArtifactUnsupported, match=r"model\.pkl"):
        registry.load("kecil@1", root=root)


def test_array_of_objects_is_refused(root: Path) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, weights=np.array([{"a": 1}], dtype=object))
    rewrite(root, "stance.npz", buffer.getvalue())
    with pytest.raises(ArtifactDamaged, match=r"stance\.npz"):
        registry.load("kecil@1", root=root)


def test_weights_of_another_model_are_refused(root: Path) -> None:
    rewrite(root, "stance.npz", (folder(root) / "author.npz").read_bytes())
    with pytest.raises(ArtifactDamaged):
        registry.load("kecil@1", root=root)


def test_link_is_refused(root: Path, tmp_path: Path) -> None:
    path = folder(root) / "risk.json"
    elsewhere = tmp_path / "elsewhere.json"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(ArtifactDamaged, match=r"risk\.json"):
        registry.load("kecil@1", root=root)


def test_unknown_format(root: Path) -> None:
    manifest = json.loads((folder(root) / "manifest.json").read_text())
    manifest["format"] = 99
    (folder(root) / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtifactUnsupported, match="99"):
        registry.load("kecil@1", root=root)


def test_pinned_manifest_cannot_be_rewritten(small_root: Path, tmp_path: Path) -> None:
    shutil.copytree(small_root, tmp_path, dirs_exist_ok=True)
    rewrite(tmp_path, "risk.json", b'{"asn": 9, "partisan": 9, "bias": 9}')
    with pytest.raises(ArtifactDamaged, match="registry"):
        registry.load("kecil@1", root=tmp_path)


def test_reloading_changes_no_number(
    small_root: Path, cascade: Cascade, make_post: Callable[..., Post]
) -> None:
    posts = [make_post("dukung 02, lanjutkan", bio="PNS"), make_post("rapat OPD tadi", bio="Camat")]
    again = registry.load("kecil@1", root=small_root)
    assert again.predict(posts) == cascade.predict(posts)


def test_every_shipped_artifact_is_whole() -> None:
    installed = registry.list_artifacts()
    assert registry.active_version() in {f"{a.name}@{a.version}" for a in installed}
    for info in installed:
        registry.verify(f"{info.name}@{info.version}")
        assert info.size < 40_000_000
        assert "##" in registry.artifact_card(f"{info.name}@{info.version}")
