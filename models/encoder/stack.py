"""Two readings of one post, of the encoder and of the word counts, become one probability."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.linear import Floats, softmax


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights of the two readings' logits and a shift for each class, fitted on held-out posts.

    Few numbers on purpose: a few hundred held-out posts warrant no more.
    """

    encoder: float
    linear: float
    shift: tuple[float, ...]

    def probabilities(self, encoder: Floats, linear: Floats) -> Floats:
        """Return softmax of the weighed logits; all arrays are (n posts × n classes)."""
        weighed = self.encoder * _centred(encoder) + self.linear * _centred(linear)
        return softmax(weighed + np.asarray(self.shift))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], classes: int) -> "Stack":
        """Read one stack. Raises KeyError, TypeError or ValueError on another shape."""
        shift = tuple(float(value) for value in data["shift"])
        if len(shift) != classes:
            raise ValueError(f"a shift for each of {classes} classes is expected")
        encoder, linear = float(data["encoder"]), float(data["linear"])
        # A weight that is no number would make every probability one that is not: all "none".
        if not all(map(math.isfinite, (encoder, linear, *shift))) or min(encoder, linear) < 0:
            raise ValueError(f"weights {encoder} and {linear} cannot join two readings")
        return cls(encoder, linear, shift)

    def to_dict(self) -> dict[str, Any]:
        """Return the shape `from_dict` reads."""
        return {"encoder": self.encoder, "linear": self.linear, "shift": list(self.shift)}


def _centred(logits: Floats) -> Floats:
    return np.asarray(logits - logits.mean(axis=1, keepdims=True))
