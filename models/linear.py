"""TF-IDF and logistic regression rebuilt from plain arrays: no pickle, no scikit-learn object.

The same code turns features into a matrix in training and in prediction, so a model that was
saved and loaded gives exactly the numbers it gave before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Document = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of features.

    `vocabulary` maps a feature to its column inside the block; `idf` has one weight per column;
    `scale` is the block's share. With `binary` a feature counts once and rows keep their length
    (cues); otherwise counts are damped (1 + log) and every row is scaled to length 1 (texts).
    """

    name: str
    vocabulary: dict[str, int]
    idf: Floats
    binary: bool = False
    scale: float = 1.0

    def matrix(self, documents: Sequence[Document]) -> sparse.csr_matrix:
        """Return the (n documents × n features) matrix of this block."""
        rows, columns, values = [0], [], []
        for document in documents:
            known = (self.vocabulary.get(feature) for feature in document.get(self.name, ()))
            counts = Counter(column for column in known if column is not None)
            # Sorted columns make sums run in one order: equal texts get equal scores to the bit.
            for column in sorted(counts):
                columns.append(column)
                values.append(1.0 if self.binary else 1.0 + np.log(counts[column]))
            rows.append(len(columns))
        shape = (len(documents), len(self.vocabulary))
        matrix = sparse.csr_matrix(
            (np.array(values, dtype=np.float64), np.array(columns, dtype=np.int32), rows),
            shape=shape,
        )
        weighted = matrix @ sparse.diags(self.idf) if len(self.vocabulary) else matrix
        weighted = sparse.csr_matrix(weighted)
        if not self.binary:
            weighted = _unit_rows(weighted)
        return sparse.csr_matrix(weighted * self.scale)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return sparse.csr_matrix(sparse.diags(1.0 / lengths) @ matrix)


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """Multinomial logistic regression over blocks of features.

    `weights` is (n classes × n features of all blocks), `bias` (n classes). Calibration is an
    affine map of the raw scores: `scores * slope + shift`, both (n classes), before softmax.
    """

    classes: tuple[str, ...]
    blocks: tuple[Block, ...]
    weights: Floats
    bias: Floats
    slope: Floats
    shift: Floats

    def matrix(self, documents: Sequence[Document]) -> sparse.csr_matrix:
        """Return the feature matrix of `documents`, blocks side by side."""
        return design_matrix(self.blocks, documents)

    def raw_scores(self, documents: Sequence[Document]) -> Floats:
        """Return uncalibrated scores (logits), (n documents × n classes)."""
        scores: Floats = self.matrix(documents) @ self.weights.T + self.bias
        return np.asarray(scores)

    def predict_proba(self, documents: Sequence[Document]) -> Floats:
        """Return calibrated probabilities, (n documents × n classes), rows summing to 1."""
        if not documents:
            return np.zeros((0, len(self.classes)))
        return softmax(self.raw_scores(documents) * self.slope + self.shift)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything numeric, for `numpy.savez`."""
        idf = {f"idf_{block.name}": block.idf.astype(np.float32) for block in self.blocks}
        return {
            "weights": self.weights.astype(np.float32),
            "bias": self.bias,
            "slope": self.slope,
            "shift": self.shift,
            **idf,
        }

    def description(self) -> dict[str, Any]:
        """Return everything else, for JSON; features stand in the order of their columns."""
        return {
            "classes": list(self.classes),
            "blocks": [
                {
                    "name": block.name,
                    "binary": block.binary,
                    "scale": block.scale,
                    "features": sorted(block.vocabulary, key=block.vocabulary.__getitem__),
                }
                for block in self.blocks
            ],
        }

    @classmethod
    def rebuild(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
    ) -> "LinearClassifier":
        """Build from what `description` and `arrays` returned.

        Raises KeyError, ValueError or TypeError when the parts do not fit together.
        """
        blocks = tuple(_rebuild_block(item, arrays) for item in description["blocks"])
        classes = tuple(str(name) for name in description["classes"])
        weights = np.asarray(arrays["weights"], dtype=np.float64)
        width = sum(len(block.vocabulary) for block in blocks)
        if weights.shape != (len(classes), width):
            raise ValueError(f"weights {weights.shape} do not fit {len(classes)} × {width}")
        vectors = {}
        for name in ("bias", "slope", "shift"):
            vectors[name] = np.asarray(arrays[name], dtype=np.float64)
            if vectors[name].shape != (len(classes),):
                raise ValueError(f"{name} has shape {vectors[name].shape}")
        return cls(classes, blocks, weights, **vectors)


def _rebuild_block(item: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Block:
    vocabulary = {str(feature): column for column, feature in enumerate(item["features"])}
    idf = np.asarray(arrays[f"idf_{item['name']}"], dtype=np.float64)
    if idf.shape != (len(vocabulary),) or len(vocabulary) != len(item["features"]):
        raise ValueError(f"block {item['name']}: features and weights differ in number")
    return Block(item["name"], vocabulary, idf, bool(item["binary"]), float(item["scale"]))


def design_matrix(blocks: Iterable[Block], documents: Sequence[Document]) -> sparse.csr_matrix:
    """Return the feature matrix of all blocks, (n documents × n features)."""
    return sparse.csr_matrix(
        sparse.hstack([block.matrix(documents) for block in blocks], format="csr")
    )


def softmax(scores: Floats) -> Floats:
    """Return softmax of each row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
