"""Support, oppose or none: the stance model, asked only of posts whose author shows to be ASN."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.encoder.part import EncoderPart
from models.labels import Stance
from models.linear import Floats, LinearClassifier, softmax
from models.post import Post
from models.prediction import StanceJudgement
from models.stance.features import stance_features
from models.stance.mask import Entities, masked_text

STANCES = (Stance.SUPPORT, Stance.OPPOSE, Stance.NONE)


@dataclass(frozen=True, slots=True)
class StanceModel:
    """Stance classifier with its names to mask and its threshold on P(support or oppose).

    Where the artifact has an `encoder`, both readings are weighed together.
    """

    classifier: LinearClassifier
    entities: Entities
    threshold: float
    stemmed: bool = True
    encoder: EncoderPart | None = None

    def probabilities(self, posts: Sequence[Post]) -> Floats:
        """Return calibrated P(support), P(oppose), P(none), (n posts × 3)."""
        if not posts:
            return np.zeros((0, len(STANCES)))
        raw = self.word_scores(posts)
        if self.encoder is not None:
            return self.encoder.stance_probabilities(posts, raw)
        columns = self._columns()
        slope, shift = self.classifier.slope[columns], self.classifier.shift[columns]
        return softmax(raw * slope + shift)

    def word_scores(self, posts: Sequence[Post]) -> Floats:
        """Return the uncalibrated scores of the word-count reading, (n posts × 3)."""
        documents = [
            post_features(post.text, post.media_alt, self.entities, stemmed=self.stemmed)
            for post in posts
        ]
        return np.asarray(self.classifier.raw_scores(documents)[:, self._columns()])

    def _columns(self) -> list[int]:
        return [self.classifier.classes.index(stance) for stance in STANCES]

    def judge(self, posts: Sequence[Post]) -> list[StanceJudgement]:
        """Return a judgement per post: partisan only from the threshold on."""
        return [self.judgement(row) for row in self.probabilities(posts)]

    def judgement(self, row: Floats) -> StanceJudgement:
        """Turn one row of `probabilities` into a judgement."""
        support, oppose, none = (float(value) for value in row)
        label = Stance.NONE
        if support + oppose >= self.threshold:
            label = Stance.SUPPORT if support >= oppose else Stance.OPPOSE
        scores = {Stance.SUPPORT: support, Stance.OPPOSE: oppose, Stance.NONE: none}
        return StanceJudgement(label, scores)


def post_features(
    text: str, caption: str, entities: Entities, *, stemmed: bool = True
) -> dict[str, list[str]]:
    """Return the stance features of a post; text and caption are read as one."""
    masked = masked_text(text, entities)
    if caption:
        masked = f"{masked} {masked_text(caption, entities)}"
    return stance_features(masked, stemmed=stemmed)
