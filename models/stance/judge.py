"""Support, oppose or none: the stance model, asked only of posts whose author shows to be ASN."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.labels import Stance
from models.linear import Floats, LinearClassifier
from models.post import Post
from models.prediction import StanceJudgement
from models.stance.features import stance_features
from models.stance.mask import Entities, masked_text

STANCES = (Stance.SUPPORT, Stance.OPPOSE, Stance.NONE)


@dataclass(frozen=True, slots=True)
class StanceModel:
    """Stance classifier with its names to mask and its threshold on P(support or oppose)."""

    classifier: LinearClassifier
    entities: Entities
    threshold: float
    stemmed: bool = True

    def probabilities(self, posts: Sequence[tuple[str, str]]) -> Floats:
        """Return calibrated P(support), P(oppose), P(none), (n posts × 3).

        Each post is a pair (text, media_alt).
        """
        documents = [
            post_features(text, caption, self.entities, stemmed=self.stemmed)
            for text, caption in posts
        ]
        columns = [self.classifier.classes.index(stance) for stance in STANCES]
        return np.asarray(self.classifier.predict_proba(documents)[:, columns])

    def judge(self, posts: Sequence[Post]) -> list[StanceJudgement]:
        """Return a judgement per post: partisan only from the threshold on."""
        rows = self.probabilities([(post.text, post.media_alt) for post in posts])
        return [self.judgement(row) for row in rows]

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
