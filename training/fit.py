"""One run of training: split, fit, calibrate, choose thresholds, fit again on everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.acts import ActModel, act_features
from models.author.gate import AsnGate
from models.author.judge import AuthorJudge, asked_of, shown_in_profile
from models.author.rules import apply_rules
from models.cascade import Cascade
from models.encoder.part import EncoderPart
from models.labels import Act, AsnLabel, Stance
from models.linear import Document, Floats, LinearClassifier, softmax
from models.post import Post
from models.risk import RiskModel
from models.stance.judge import StanceModel
from models.stance.mask import Entities
from models.targets import Gazetteer
from models.thresholds import Thresholds
from training.calibrate import calibrated
from training.dataset import Example
from training.fit_acts import fit_acts, learnable_acts
from training.fit_author import author_examples, fit_author, talk_about_civil_servants
from training.fit_stance import entity_data, fit_stance, stance_documents
from training.operating_point import HeldOut, act_thresholds, operating_point, talk_floor
from training.splits import part_of

FOLDS = 4
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FittedEncoder:
    """The encoder as it is shipped: ONNX graph, tokenizer, and what joins it to the rest.

    `facts` are epochs with their scores on held-out posts, seconds, pieces and the share of unknown
    ones; `source` names the starting weights.
    """

    graph: bytes
    tokenizer: bytes
    part: EncoderPart
    facts: Mapping[str, Any]
    source: str


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
    encoder: FittedEncoder | None = None

    def cascade(self, reference: str) -> Cascade:
        """Return the cascade these parts make, as the registry would load it."""
        part = self.encoder.part if self.encoder else None
        told = self.thresholds
        return Cascade(
            model_version=reference,
            gate=AsnGate(),
            author=AuthorJudge(self.author, told.asn, told.asn_post_only, part),
            stance=StanceModel(self.stance, self.entities, told.stance, self.stemmed, part),
            acts=ActModel(self.acts, dict(told.acts), self.entities, part),
            risk=self.risk,
            gazetteer=Gazetteer.empty(),
        )


def fit(
    train: Sequence[Example],
    dev: Sequence[Example],
    extra: Sequence[Example] = (),
    *,
    stemmed: bool = True,
    read: bool = False,
    progress: Progress = lambda step: None,
) -> Fitted:
    """Fit all parts.

    `train` and `dev` have authors; `extra` are real posts without. Calibration uses posts the
    scored model has not seen: each fold of `train` scored by a model fitted on the others
    (folds by hash of id), and `dev`. The final weights are fitted on `train` and `extra`.
    `read` tells that an encoder will be added (`fit_encoder`).
    """
    gate = AsnGate()
    entities = Entities.from_dict(entity_data())
    acts = learnable_acts(train)
    parts = _parts(gate, entities, stemmed, acts, [*train, *dev, *extra], read=read)
    progress("melatih model akhir")
    final = parts.fit([*train, *extra])
    progress("menilai bagian yang ditahan")
    held: list[tuple[Example, _Scores]] = list(zip(dev, parts.score(final, dev), strict=True))
    every_talk, talk = talk_about_civil_servants(), list[Floats | None]()
    for fold in range(FOLDS):
        kept = [e for e in (*train, *extra) if part_of(e.post.id, FOLDS) != fold]
        out = [e for e in train if part_of(e.post.id, FOLDS) == fold]
        if not out:
            continue
        progress(f"kalibrasi {fold + 1}/{FOLDS}")
        # One fold of real posts is enough to keep the scores of such posts in shape.
        fold_extra = [e for e in extra if part_of(e.post.id, FOLDS) == fold]
        scored = [*out, *(fold_extra if fold == 0 else ())]
        # Sentences about civil servants are held out whole, with all their fillings.
        about = [e for e in every_talk if e.meta["sentence"] % FOLDS != fold]
        unseen = [e for e in every_talk if e.meta["sentence"] % FOLDS == fold]
        fits = parts.fit(kept, about)
        held.extend(zip(scored, parts.score(fits, scored), strict=True))
        talk.extend(parts.author_scores(fits, unseen))
    progress("memilih ambang")
    return parts.finish(final, held, talk)


def finish_with_encoder(fitted: Fitted, dev: Sequence[Example]) -> Fitted:
    """Choose thresholds of stance and acts, and the risk, on posts neither reading has seen."""
    cascade = fitted.cascade("fit@1")
    found = [(e, asked_of(e.post, cascade.gate, read=True)) for e in dev]
    asked = [(e, item) for e, item in found if item is not None]
    p_asn = cascade.author.probabilities([item for _, item in asked]).sum(axis=1)
    p_partisan = cascade.stance.probabilities([e.post for e, _ in asked])[:, :2].sum(axis=1)
    judged = [
        HeldOut(e, shown_in_profile(item.verdict), float(a), float(p))
        for (e, item), a, p in zip(asked, p_asn, p_partisan, strict=True)
    ]
    flagged = [e for e in dev if e.gold.flag]
    raw = cascade.acts.logits([e.post for e in flagged])
    acts = act_thresholds(fitted.acts.classes, raw, flagged)
    thresholds, risk = operating_point(judged, acts)
    # Those of the author come from many more posts, of train as well.
    kept = fitted.thresholds
    thresholds = replace(thresholds, asn=kept.asn, asn_post_only=kept.asn_post_only)
    return replace(fitted, thresholds=thresholds, risk=risk)


def recalibrate(
    cascade: Cascade, dev: Sequence[Example], encoder: FittedEncoder | None = None
) -> Fitted:
    """Calibrate the parts of a loaded cascade anew, on posts it was not fitted on.

    `encoder` is that of the same artifact; how its reading is joined with the other stays.
    """
    entities, stemmed = cascade.stance.entities, cascade.stance.stemmed
    acts = tuple(Act(name) for name in cascade.acts.classifier.classes)
    fits = _Fits(cascade.author.classifier, cascade.stance.classifier, cascade.acts.classifier)
    parts = _parts(cascade.gate, entities, stemmed, acts, dev, read=encoder is not None)
    fitted = parts.finish(fits, list(zip(dev, parts.score(fits, dev), strict=True)), ())
    # Only a fit can hold out sentences about civil servants: what it found stays the floor.
    floor = max(fitted.thresholds.asn_post_only, cascade.author.post_only_threshold)
    if encoder is not None:
        # Word counts alone chose the other one.
        floor = cascade.author.post_only_threshold
    fitted = replace(fitted, thresholds=replace(fitted.thresholds, asn_post_only=floor))
    if encoder is None:
        return fitted
    return finish_with_encoder(replace(fitted, encoder=encoder), dev)


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
    *,
    read: bool,
) -> "_Parts":
    documents = stance_documents(examples, entities, stemmed=stemmed)
    by_example = {id(e): document for e, document in zip(examples, documents, strict=True)}
    return _Parts(gate, entities, stemmed, acts, by_example, read)


@dataclass(frozen=True, slots=True)
class _Parts:
    """How each part is fitted and scored; `documents` holds stance features by example."""

    gate: AsnGate
    entities: Entities
    stemmed: bool
    acts: tuple[Act, ...]
    documents: Mapping[int, Document]
    read: bool

    def fit(self, examples: Sequence[Example], about: Sequence[Example] | None = None) -> _Fits:
        return _Fits(
            fit_author(examples, self.gate, about, read=self.read),
            fit_stance(examples, [self.documents[id(e)] for e in examples]),
            fit_acts([e for e in examples if not e.real], self.entities, self.acts),
        )

    def score(self, fits: _Fits, examples: Sequence[Example]) -> list[_Scores]:
        """Return raw scores; `author` is None where gate or rules already say none."""
        stance = fits.stance.raw_scores([self.documents[id(e)] for e in examples])
        acts = _act_scores(fits.acts, [e.post for e in examples], self.entities)
        author = self.author_scores(fits, examples)
        return [_Scores(*rows) for rows in zip(author, stance, acts, strict=True)]

    def author_scores(self, fits: _Fits, examples: Sequence[Example]) -> list[Floats | None]:
        """Return raw author scores; None where gate or rules already say none."""
        asked = author_examples(examples, self.gate, read=self.read)
        rows = fits.author.raw_scores([features for _, features in asked]) if asked else ()
        found = {id(e): row for (e, _), row in zip(asked, rows, strict=True)}
        return [found.get(id(e)) for e in examples]

    def finish(
        self,
        fits: _Fits,
        held: Sequence[tuple[Example, _Scores]],
        talk: Sequence[Floats | None],
    ) -> Fitted:
        author, stance = self._calibrate(fits, held)
        judged = _probabilities(author, stance, held, self.gate, read=self.read)
        flagged = [(e, scores) for e, scores in held if e.gold.flag]
        acts = act_thresholds(
            fits.acts.classes,
            np.array([scores.acts for _, scores in flagged]),
            [e for e, _ in flagged],
        )
        thresholds, risk = operating_point(judged, acts)
        thresholds = replace(
            thresholds, asn_post_only=max(thresholds.asn_post_only, talk_floor(author, talk))
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


def _probabilities(
    author: LinearClassifier,
    stance: LinearClassifier,
    held: Sequence[tuple[Example, _Scores]],
    gate: AsnGate,
    *,
    read: bool,
) -> list[HeldOut]:
    none_author = author.classes.index(AsnLabel.NONE.value)
    none_stance = stance.classes.index(Stance.NONE.value)
    judged: list[HeldOut] = []
    for example, scores in held:
        if scores.author is None:
            continue
        author_row = softmax((scores.author * author.slope + author.shift)[None, :])[0]
        stance_row = softmax((scores.stance * stance.slope + stance.shift)[None, :])[0]
        judged.append(
            HeldOut(
                example,
                shown_in_profile(apply_rules(gate.examine(example.post), read=read)),
                1.0 - float(author_row[none_author]),
                1.0 - float(stance_row[none_stance]),
            )
        )
    return judged


def _act_scores(acts: LinearClassifier, posts: Sequence[Post], entities: Entities) -> Floats:
    return acts.raw_scores([act_features(post, entities) for post in posts])
