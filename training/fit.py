"""One run of training: split, fit, calibrate, choose thresholds, fit again on everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.acts import ActModel, act_features
from models.author.gate import AsnGate
from models.author.judge import AuthorJudge, shown_in_profile
from models.author.rules import apply_rules
from models.cascade import Cascade
from models.labels import Act, AsnLabel, Stance
from models.linear import Document, Floats, LinearClassifier, softmax
from models.post import Post
from models.risk import RiskModel
from models.stance.judge import StanceModel
from models.stance.mask import Entities
from models.targets import Gazetteer
from models.thresholds import Thresholds
from training.calibrate import (
    COST_MISSED,
    COST_MISSED_POST_ONLY,
    COST_WRONG,
    COST_WRONG_POST_ONLY,
    best_threshold,
    calibrated,
    fit_risk,
)
from training.dataset import Example
from training.fit_acts import fit_acts, learnable_acts
from training.fit_author import author_examples, fit_author
from training.fit_stance import entity_data, fit_stance, stance_documents
from training.splits import part_of

FOLDS = 4
_ACT_COST = 1.0
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The parts of an artifact, ready to be written."""

    author: LinearClassifier
    stance: LinearClassifier
    acts: LinearClassifier
    thresholds: Thresholds
    risk: RiskModel
    entities: Entities
    stemmed: bool

    def cascade(self, reference: str) -> Cascade:
        """Return the cascade these parts make, as the registry would load it."""
        return Cascade(
            model_version=reference,
            gate=AsnGate(),
            author=AuthorJudge(self.author, self.thresholds.asn, self.thresholds.asn_post_only),
            stance=StanceModel(self.stance, self.entities, self.thresholds.stance, self.stemmed),
            acts=ActModel(self.acts, dict(self.thresholds.acts), self.entities),
            risk=self.risk,
            gazetteer=Gazetteer.empty(),
        )


def fit(
    train: Sequence[Example],
    dev: Sequence[Example],
    extra: Sequence[Example] = (),
    *,
    stemmed: bool = True,
    progress: Progress = lambda step: None,
) -> Fitted:
    """Fit all parts.

    `train` and `dev` have authors; `extra` are real posts without. Calibration uses posts the
    scored model has not seen: each fold of `train` scored by a model fitted on the others
    (folds by hash of id), and `dev`. The final weights are fitted on `train` and `extra`.
    """
    gate = AsnGate()
    entities = Entities.from_dict(entity_data())
    parts = _parts(gate, entities, stemmed, learnable_acts(train), [*train, *dev, *extra])
    progress("melatih model akhir")
    final = parts.fit([*train, *extra])
    progress("menilai bagian yang ditahan")
    held: list[tuple[Example, _Scores]] = list(zip(dev, parts.score(final, dev), strict=True))
    for fold in range(FOLDS):
        kept = [e for e in (*train, *extra) if part_of(e.post.id, FOLDS) != fold]
        out = [e for e in train if part_of(e.post.id, FOLDS) == fold]
        if not out:
            continue
        progress(f"kalibrasi {fold + 1}/{FOLDS}")
        # One fold of real posts is enough to keep the scores of such posts in shape.
        fold_extra = [e for e in extra if part_of(e.post.id, FOLDS) == fold]
        scored = [*out, *(fold_extra if fold == 0 else ())]
        held.extend(zip(scored, parts.score(parts.fit(kept), scored), strict=True))
    progress("memilih ambang")
    return parts.finish(final, held)


def recalibrate(cascade: Cascade, dev: Sequence[Example]) -> Fitted:
    """Calibrate the parts of a loaded cascade anew, on posts it was not fitted on."""
    entities, stemmed = cascade.stance.entities, cascade.stance.stemmed
    acts = tuple(Act(name) for name in cascade.acts.classifier.classes)
    fits = _Fits(cascade.author.classifier, cascade.stance.classifier, cascade.acts.classifier)
    parts = _parts(cascade.gate, entities, stemmed, acts, dev)
    return parts.finish(fits, list(zip(dev, parts.score(fits, dev), strict=True)))


@dataclass(frozen=True, slots=True)
class _Scores:
    author: Floats | None
    stance: Floats
    acts: Floats


@dataclass(frozen=True, slots=True)
class _Fits:
    author: LinearClassifier
    stance: LinearClassifier
    acts: LinearClassifier


def _parts(
    gate: AsnGate,
    entities: Entities,
    stemmed: bool,
    acts: tuple[Act, ...],
    examples: Sequence[Example],
) -> "_Parts":
    documents = stance_documents(examples, entities, stemmed=stemmed)
    by_example = {id(e): document for e, document in zip(examples, documents, strict=True)}
    return _Parts(gate, entities, stemmed, acts, by_example)


@dataclass(frozen=True, slots=True)
class _Parts:
    """How each part is fitted and scored; `documents` holds stance features by example."""

    gate: AsnGate
    entities: Entities
    stemmed: bool
    acts: tuple[Act, ...]
    documents: Mapping[int, Document]

    def fit(self, examples: Sequence[Example]) -> _Fits:
        return _Fits(
            fit_author(examples, self.gate),
            fit_stance(examples, [self.documents[id(e)] for e in examples]),
            fit_acts([e for e in examples if not e.real], self.entities, self.acts),
        )

    def score(self, fits: _Fits, examples: Sequence[Example]) -> list[_Scores]:
        """Return raw scores; `author` is None where gate or rules already say none."""
        stance = fits.stance.raw_scores([self.documents[id(e)] for e in examples])
        acts = _act_scores(fits.acts, [e.post for e in examples], self.entities)
        asked = author_examples(examples, self.gate)
        rows = fits.author.raw_scores([features for _, features in asked]) if asked else ()
        author = {id(e): row for (e, _), row in zip(asked, rows, strict=True)}
        return [
            _Scores(author.get(id(e)), s, a) for e, s, a in zip(examples, stance, acts, strict=True)
        ]

    def finish(self, fits: _Fits, held: Sequence[tuple[Example, _Scores]]) -> Fitted:
        author, stance = self._calibrate(fits, held)
        judged = _probabilities(author, stance, held, self.gate)
        in_profile = [row for row in judged if row.in_profile]
        post_only = [row for row in judged if not row.in_profile]
        ours = [row for row in judged if not row.example.real]
        thresholds = Thresholds(
            asn=_asn_threshold(in_profile, COST_MISSED, COST_WRONG),
            asn_post_only=_asn_threshold(post_only, COST_MISSED_POST_ONLY, COST_WRONG_POST_ONLY),
            stance=best_threshold(
                np.array([row.p_partisan for row in ours]),
                [row.example.gold.partisan for row in ours],
            ),
            acts=_act_thresholds(fits.acts, held),
        )
        risk = fit_risk(
            np.array([row.p_asn for row in ours]),
            np.array([row.p_partisan for row in ours]),
            [row.example.gold.flag for row in ours],
        )
        return Fitted(author, stance, fits.acts, thresholds, risk, self.entities, self.stemmed)

    def _calibrate(
        self, fits: _Fits, held: Sequence[tuple[Example, _Scores]]
    ) -> tuple[LinearClassifier, LinearClassifier]:
        judged = [(e, s.author) for e, s in held if s.author is not None and not e.real]
        author = calibrated(
            fits.author,
            np.array([row for _, row in judged]),
            [(e.gold.asn or AsnLabel.NONE).value for e, _ in judged],
            [1.0] * len(judged),
        )
        n_real = sum(e.real for e, _ in held)
        # Real posts without authors together weigh as much as half of the written ones.
        real_weight = 0.5 * (len(held) - n_real) / n_real if n_real else 0.0
        stance = calibrated(
            fits.stance,
            np.array([s.stance for _, s in held]),
            [e.gold.stance.value for e, _ in held],
            [real_weight if e.real else 1.0 for e, _ in held],
        )
        return author, stance


@dataclass(frozen=True, slots=True)
class _Judged:
    """A held-out post on which the author model was asked, with both probabilities."""

    example: Example
    in_profile: bool
    p_asn: float
    p_partisan: float


def _probabilities(
    author: LinearClassifier,
    stance: LinearClassifier,
    held: Sequence[tuple[Example, _Scores]],
    gate: AsnGate,
) -> list[_Judged]:
    none_author = author.classes.index(AsnLabel.NONE.value)
    none_stance = stance.classes.index(Stance.NONE.value)
    judged: list[_Judged] = []
    for example, scores in held:
        if scores.author is None:
            continue
        author_row = softmax((scores.author * author.slope + author.shift)[None, :])[0]
        stance_row = softmax((scores.stance * stance.slope + stance.shift)[None, :])[0]
        judged.append(
            _Judged(
                example,
                shown_in_profile(apply_rules(gate.examine(example.post))),
                1.0 - float(author_row[none_author]),
                1.0 - float(stance_row[none_stance]),
            )
        )
    return judged


def _asn_threshold(rows: Sequence[_Judged], missed: float, wrong: float) -> float:
    truth = [row.example.gold.asn not in (None, AsnLabel.NONE) for row in rows]
    return best_threshold(np.array([row.p_asn for row in rows]), truth, missed=missed, wrong=wrong)


def _act_scores(acts: LinearClassifier, posts: Sequence[Post], entities: Entities) -> Floats:
    return acts.raw_scores([act_features(post, entities) for post in posts])


def _act_thresholds(
    acts: LinearClassifier, held: Sequence[tuple[Example, _Scores]]
) -> dict[Act, float]:
    flagged = [(e, s) for e, s in held if e.gold.flag]
    thresholds: dict[Act, float] = {}
    for column, name in enumerate(acts.classes):
        raw = np.array([s.acts[column] for _, s in flagged])
        scores = 1.0 / (1.0 + np.exp(-raw))
        truth = [Act(name) in e.gold.acts for e, _ in flagged]
        thresholds[Act(name)] = best_threshold(scores, truth, missed=_ACT_COST, wrong=_ACT_COST)
    return thresholds
