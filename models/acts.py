"""Which act a flagged post shows: words anyone can check, and a model where examples suffice."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from models.encoder.part import EncoderPart
from models.labels import Act
from models.linear import Floats, LinearClassifier
from models.normalize import fold_text
from models.post import Post
from models.prediction import ActScore
from models.stance.features import stance_features
from models.stance.mask import Entities, masked_text

# A cue alone is a good hint, never certainty; a model that saw examples may say more.
CUE_SCORE = 0.6
_READ_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class ActCue:
    """Words that speak for one act; `where` is text (text and caption) or caption alone."""

    act: Act
    where: str
    patterns: tuple[re.Pattern[str], ...]
    both: tuple[re.Pattern[str], re.Pattern[str]] | None
    examples: tuple[str, ...]

    def found_in(self, text: str, caption: str) -> bool:
        """Tell whether the cue is in folded text or caption."""
        read = caption if self.where == "caption" else f"{text}\n{caption}"
        if self.both is not None:
            return all(pattern.search(read) for pattern in self.both)
        return any(pattern.search(read) for pattern in self.patterns)


@lru_cache(maxsize=1)
def load_act_cues() -> tuple[ActCue, ...]:
    """Read and compile `acts.toml` (once per process)."""
    source = resources.files("models").joinpath("acts.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(_cue(item) for item in raw["act"])


def _cue(item: dict[str, Any]) -> ActCue:
    both = None
    if "first" in item:
        both = (re.compile(item["first"]), re.compile(item["second"]))
    patterns = tuple(re.compile(pattern, re.DOTALL) for pattern in item.get("patterns", ()))
    return ActCue(Act(item["act"]), item["where"], patterns, both, tuple(item["examples"]))


def cue_acts(post: Post) -> tuple[Act, ...]:
    """Return the acts whose cues are in the post."""
    text, caption = fold_text(post.text[:_READ_LIMIT]), fold_text(post.media_alt[:_READ_LIMIT])
    return tuple(dict.fromkeys(c.act for c in load_act_cues() if c.found_in(text, caption)))


def act_features(post: Post, entities: Entities) -> dict[str, list[str]]:
    """Return the blocks of the act model: `cues`, and `words`/`letters` of text and caption."""
    body = masked_text(post.text, entities)
    caption = masked_text(post.media_alt, entities)
    features = stance_features(f"{body} {caption}")
    features["cues"] += [f"cue {act}" for act in cue_acts(post)]
    features["cues"] += ["caption" if post.media_alt else "no caption"]
    features["cues"] += ["reply" if post.reply_to else "no reply"]
    features["cues"].append("short" if len(body.split()) < 10 else "long")
    return features


@dataclass(frozen=True, slots=True)
class ActModel:
    """One logistic regression per act with enough examples; cues speak for the others.

    `thresholds` holds, per act of the classifier, the score from which it is told.
    """

    classifier: LinearClassifier
    thresholds: dict[Act, float]
    entities: Entities
    encoder: EncoderPart | None = None

    def acts(self, posts: Sequence[Post]) -> list[tuple[ActScore, ...]]:
        """Return at least one act for each (flagged) post, most likely first."""
        if not posts:
            return []
        scores = 1.0 / (1.0 + np.exp(-self.logits(posts)))
        return [self._told(post, row) for post, row in zip(posts, scores, strict=True)]

    def logits(self, posts: Sequence[Post]) -> Floats:
        """Return the calibrated log-odds of each act, (n posts × n acts of the classifier)."""
        documents = [act_features(post, self.entities) for post in posts]
        raw = self.classifier.raw_scores(documents) * self.classifier.slope + self.classifier.shift
        if self.encoder is not None:
            raw = self.encoder.act_scores(posts, raw, self.classifier.classes)
        return np.asarray(raw)

    def _told(self, post: Post, row: Any) -> tuple[ActScore, ...]:
        scored = {Act(n): float(s) for n, s in zip(self.classifier.classes, row, strict=True)}
        told = {act: s for act, s in scored.items() if s >= self.thresholds[act]}
        for act in cue_acts(post):
            if act not in scored:
                told[act] = CUE_SCORE
        if not told:
            # A flagged post always shows some act: the likeliest the model knows of.
            best = max(scored, key=lambda act: (scored[act], act), default=Act.POST_LIKE_FOLLOW)
            told = {best: scored.get(best, CUE_SCORE)}
        ranked = sorted(told.items(), key=lambda item: (-item[1], item[0]))
        return tuple(ActScore(act, score) for act, score in ranked)
