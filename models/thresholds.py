"""From which score on something is told: read from the artifact, the one place of truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.labels import Act


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decision thresholds of one artifact, all probabilities in [0, 1].

    `asn`: lowest P(explicit or likely) of an author told to be ASN. `asn_post_only`: the same
    where the profile shows nothing and only the post speaks for it; higher, because nearly all
    who write about civil servants are none. `stance`: lowest P(support or oppose) of a post told
    to take sides. `acts`: per act of the act model.
    """

    asn: float
    asn_post_only: float
    stance: float
    acts: Mapping[Act, float]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Thresholds":
        """Read `thresholds.json`. Raises KeyError, TypeError or ValueError on another shape."""
        acts = {Act(name): _probability(value) for name, value in data["acts"].items()}
        return cls(
            asn=_probability(data["asn"]),
            asn_post_only=_probability(data["asn_post_only"]),
            stance=_probability(data["stance"]),
            acts=acts,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the shape of `thresholds.json`."""
        return {
            "asn": self.asn,
            "asn_post_only": self.asn_post_only,
            "stance": self.stance,
            "acts": {act.value: value for act, value in self.acts.items()},
        }


def _probability(value: Any) -> float:
    number = float(value)
    if not 0.0 <= number <= 1.0:
        raise ValueError(f"{number} is not a probability")
    return number
