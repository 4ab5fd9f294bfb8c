"""Two scores become one order of work: the probability that a reviewer would confirm a flag."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Scores of exactly 0 or 1 have no logit; and a few hundred calibration posts warrant no more
# certainty than this.
_EDGE = 0.005


def logit(probability: float) -> float:
    """Return log(p / (1 - p)), p kept off 0 and 1."""
    kept = min(max(probability, _EDGE), 1.0 - _EDGE)
    return math.log(kept / (1.0 - kept))


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Logistic regression on the logits of P(ASN) and P(partisan), fitted on held-out posts."""

    asn: float
    partisan: float
    bias: float

    def risk(self, p_asn: float, p_partisan: float) -> float:
        """Return the probability that a reviewer would confirm, in (0, 1)."""
        score = self.asn * logit(p_asn) + self.partisan * logit(p_partisan) + self.bias
        return 1.0 / (1.0 + math.exp(-score))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RiskModel":
        """Read `risk.json`. Raises KeyError, TypeError or ValueError on another shape."""
        return cls(float(data["asn"]), float(data["partisan"]), float(data["bias"]))

    def to_dict(self) -> dict[str, float]:
        """Return the shape of `risk.json`."""
        return {"asn": self.asn, "partisan": self.partisan, "bias": self.bias}
