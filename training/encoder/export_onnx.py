"""The fine-tuned network as an ONNX graph in int8, built node by node.

Dense layers are quantised per output channel, activations dynamically per tensor; LayerNorm,
softmax and heads stay in fp32. Weights keep to seven bits: on processors without VNNI the sum of
two 8-bit products overflows 16 bits, and the same post would get another score on another
machine. Operators: https://onnxruntime.ai/docs/reference/operators/ContribOperators.html
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.encoder.reader import ACTS, AUTHOR, STANCE
from training.encoder.network import HEADS, NetworkShape

_MICROSOFT = "com.microsoft"
_OPSET, _MICROSOFT_OPSET, _IR = 17, 1, 8
_LARGEST_WEIGHT = 63
_LARGEST_EMBEDDING = 127
_EPSILON = 1e-12

Array = NDArray[Any]


def quantised_model(weights: Mapping[str, Array], shape: NetworkShape) -> bytes:
    """Return the serialised graph.

    Inputs: `ids` and `mask`, int64, (posts × pieces); outputs: `stance` (posts × 3), `acts`
    (posts × acts), `author` (posts × 1), logits in fp32.
    """
    graph = _Graph(weights)
    hidden = graph.embeddings(shape)
    for layer in range(shape.layers):
        hidden = graph.layer(hidden, f"bert.encoder.layer.{layer}", shape.heads)
    graph.heads(hidden)
    model = helper.make_model(
        graph.finished(shape),
        opset_imports=[
            helper.make_opsetid("", _OPSET),
            helper.make_opsetid(_MICROSOFT, _MICROSOFT_OPSET),
        ],
        producer_name="netra",
        ir_version=_IR,
    )
    return bytes(model.SerializeToString())


def quantised(matrix: Array, largest: int, axis: int) -> tuple[Array, Array]:
    """Return int8 weights and the fp32 scale of each slice along `axis`, symmetric about 0."""
    peak = np.abs(matrix).max(axis=axis, keepdims=True)
    scale = np.where(peak > 0, peak / largest, 1.0).astype(np.float32)
    whole = np.clip(np.rint(matrix / scale), -largest, largest).astype(np.int8)
    return whole, scale.squeeze(axis)


class _Graph:
    """Nodes and constants in the order in which they are made."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._count = 0

    def _constant(self, name: str, value: Array) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name].astype(np.float32))

    def _node(
        self, kind: str, inputs: list[str], *, output: str = "", domain: str = "", **settings: Any
    ) -> str:
        self._count += 1
        name = output or f"{kind}_{self._count}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name

    def embeddings(self, shape: NetworkShape) -> str:
        """Look up int8 rows, scale them, add place and type, normalise."""
        prefix = "bert.embeddings"
        table, scale = quantised(
            self._weights[f"{prefix}.word_embeddings.weight"], _LARGEST_EMBEDDING, axis=1
        )
        rows = self._node("Gather", [self._constant("word.rows", table), "ids"])
        scales = self._node("Gather", [self._constant("word.scale", scale[:, None]), "ids"])
        floats = self._node("Cast", [rows], to=TensorProto.FLOAT)
        words = self._node("Mul", [floats, scales])
        places = self._weights[f"{prefix}.position_embeddings.weight"]
        kind = self._weights[f"{prefix}.token_type_embeddings.weight"][0]
        table_name = self._constant("places", (places + kind).astype(np.float32))
        length = self._node("Shape", ["ids"], start=1)
        used = self._node(
            "Slice",
            [
                table_name,
                self._constant("start", np.array([0])),
                length,
                self._constant("axis0", np.array([0])),
            ],
        )
        summed = self._node("Add", [words, used])
        return self._node(
            "LayerNormalization",
            [
                summed,
                self._weight(f"{prefix}.LayerNorm.weight"),
                self._weight(f"{prefix}.LayerNorm.bias"),
            ],
            epsilon=_EPSILON,
            axis=-1,
        )

    def layer(self, hidden: str, prefix: str, heads: int) -> str:
        """Add one BERT layer."""
        attended = self._attention(hidden, f"{prefix}.attention.self", heads)
        projected = self._dense(attended, f"{prefix}.attention.output.dense")
        normal = self._add_and_normalise(projected, hidden, f"{prefix}.attention.output")
        wide = self._dense(normal, f"{prefix}.intermediate.dense", bias=False)
        bent = self._node(
            "BiasGelu",
            [wide, self._weight(f"{prefix}.intermediate.dense.bias")],
            domain=_MICROSOFT,
        )
        narrow = self._dense(bent, f"{prefix}.output.dense")
        return self._add_and_normalise(narrow, normal, f"{prefix}.output")

    def _attention(self, hidden: str, prefix: str, heads: int) -> str:
        names = [f"{prefix}.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self._weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        whole, scale = quantised(matrix, _LARGEST_WEIGHT, axis=0)
        self._count += 1
        levels, step, zero = (f"{part}_{self._count}" for part in ("levels", "step", "zero"))
        self._nodes.append(
            helper.make_node("DynamicQuantizeLinear", [hidden], [levels, step, zero])
        )
        inputs = [
            levels,
            self._constant(f"{prefix}.qkv", whole),
            self._constant(f"{prefix}.qkv.bias", bias.astype(np.float32)),
            step,
            self._constant(f"{prefix}.qkv.scale", scale),
            self._mask(),
            zero,
            self._constant(f"{prefix}.qkv.zero", np.zeros_like(scale, dtype=np.int8)),
        ]
        return self._node("QAttention", inputs, domain=_MICROSOFT, num_heads=heads)

    def _mask(self) -> str:
        name = "mask32"
        if not any(name in node.output for node in self._nodes):
            self._node("Cast", ["mask"], output=name, to=TensorProto.INT32)
        return name

    def _dense(self, hidden: str, prefix: str, *, bias: bool = True) -> str:
        whole, scale = quantised(self._weights[f"{prefix}.weight"].T, _LARGEST_WEIGHT, axis=0)
        inputs = [
            hidden,
            self._constant(f"{prefix}.int8", whole),
            self._constant(f"{prefix}.scale", scale),
            self._constant(f"{prefix}.zero", np.zeros_like(scale, dtype=np.int8)),
        ]
        if bias:
            inputs.append(self._weight(f"{prefix}.bias"))
        return self._node("DynamicQuantizeMatMul", inputs, domain=_MICROSOFT)

    def _add_and_normalise(self, hidden: str, skipped: str, prefix: str) -> str:
        inputs = [
            hidden,
            skipped,
            self._weight(f"{prefix}.LayerNorm.weight"),
            self._weight(f"{prefix}.LayerNorm.bias"),
        ]
        return self._node("SkipLayerNormalization", inputs, domain=_MICROSOFT, epsilon=_EPSILON)

    def heads(self, hidden: str) -> None:
        """Add the mean over the pieces and one linear head per question."""
        axis = self._constant("axis2", np.array([2]))
        kept = self._node("Cast", ["mask"], to=TensorProto.FLOAT)
        weights = self._node("Unsqueeze", [kept, axis])
        pieces = self._constant("axis1", np.array([1]))
        summed = self._node("ReduceSum", [self._node("Mul", [hidden, weights]), pieces], keepdims=0)
        count = self._node("ReduceSum", [weights, pieces], keepdims=0)
        floor = self._constant("floor", np.array(1.0, dtype=np.float32))
        vector = self._node("Div", [summed, self._node("Max", [count, floor])], output="vector")
        for head in HEADS:
            inputs = [vector, self._weight(f"{head}.weight"), self._weight(f"{head}.bias")]
            self._node("Gemm", inputs, output=head, transB=1)

    def finished(self, shape: NetworkShape) -> Any:
        """Return the graph with its inputs and outputs."""
        integers = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["posts", "pieces"])
            for name in ("ids", "mask")
        ]
        sizes = {STANCE: 3, ACTS: shape.acts, AUTHOR: 1}
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["posts", sizes[name]])
            for name in HEADS
        ]
        return helper.make_graph(
            self._nodes, "netra_encoder", integers, outputs, initializer=self._constants
        )
