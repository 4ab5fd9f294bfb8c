"""The encoder of an artifact with what joins its readings to those of the word-count models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.encoder.reader import ACTS, AUTHOR, STANCE, EncoderReader
from models.encoder.rendering import render
from models.encoder.stack import Stack
from models.labels import Act
from models.linear import Floats
from models.post import Post
from models.stance.mask import Entities

_STANCES, _AUTHORS = 3, 2
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class EncoderPart:
    """Reader, names to mask, and what joins its readings with those of the word counts.

    `acts` names the act of each column of the reader; `acts_weight` is the encoder's share, the
    rest being that of the word counts. `author` joins the readings of who speaks, in two classes:
    anybody, civil servant.
    """

    reader: EncoderReader
    entities: Entities
    stance: Stack
    author: Stack
    acts: tuple[Act, ...]
    acts_weight: float

    def stance_probabilities(self, posts: Sequence[Post], linear: Floats) -> Floats:
        """Return P(support), P(oppose), P(none); `linear` are the raw scores of the other reading.

        Both arrays are (n posts × 3).
        """
        logits = self.reader.stance_logits([render(post, self.entities) for post in posts])
        return self.stance.probabilities(logits, linear)

    def asn_probabilities(self, posts: Sequence[Post], p_asn: Floats) -> Floats:
        """Return P(the author is a civil servant), by what the post itself says.

        `p_asn` are the probabilities of the other reading; both arrays are (n posts).
        """
        texts = [render(post, self.entities) for post in posts]
        return self.author.probabilities(
            two_classes(self.reader.author_logits(texts)), two_classes(log_odds(p_asn))
        )[:, 1]

    def act_scores(self, posts: Sequence[Post], linear: Floats, classes: Sequence[str]) -> Floats:
        """Return the weighed logits of each act of `classes`, (n posts × n classes)."""
        logits = self.reader.act_logits([render(post, self.entities) for post in posts])
        columns = [self.acts.index(Act(name)) for name in classes]
        return np.asarray(self.acts_weight * logits[:, columns] + (1.0 - self.acts_weight) * linear)

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], reader: EncoderReader, entities: Entities
    ) -> "EncoderPart":
        """Read `encoder.json`. Raises KeyError, TypeError or ValueError on another shape."""
        acts = tuple(Act(name) for name in data["acts"])
        if reader.sizes != {STANCE: _STANCES, ACTS: len(acts), AUTHOR: 1}:
            raise ValueError(f"the graph answers {reader.sizes}, {len(acts)} acts are named")
        return cls(
            reader=reader,
            entities=entities,
            stance=Stack.from_dict(data["stance"], _STANCES),
            author=Stack.from_dict(data["author"], _AUTHORS),
            acts=acts,
            acts_weight=float(data["acts_weight"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the shape of `encoder.json`."""
        return {
            "stance": self.stance.to_dict(),
            "author": self.author.to_dict(),
            "acts": [act.value for act in self.acts],
            "acts_weight": self.acts_weight,
        }


def two_classes(logits: Floats) -> Floats:
    """Return logits of "no" and "yes", (n × 2), from those of "yes" alone, (n)."""
    return np.stack([np.zeros_like(logits), logits], axis=1)


def log_odds(probabilities: Floats) -> Floats:
    """Return the logits of probabilities, bounded where they are 0 or 1."""
    kept = np.clip(probabilities, _SMALLEST, 1.0 - _SMALLEST)
    return np.asarray(np.log(kept) - np.log1p(-kept))
