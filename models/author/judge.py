"""Explicit, likely or none: the author model on top of the gate's findings and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.author.features import author_features
from models.author.gate import PROFILE_FIELDS, AsnGate, Examination
from models.author.rules import RuleVerdict, apply_rules
from models.encoder.part import EncoderPart
from models.labels import AsnLabel
from models.linear import Floats, LinearClassifier
from models.post import Post
from models.prediction import AsnJudgement

# Where the findings alone say so little, what the post says is not read for it: a citizen's
# view stays unread, and the threshold lies far above.
WORTH_READING = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A post the author model is asked about: the gate found signs and the rules left some."""

    post: Post
    examination: Examination
    verdict: RuleVerdict


@dataclass(frozen=True, slots=True)
class AuthorJudge:
    """Author model with its thresholds.

    `threshold` is the lowest probability of being ASN (explicit or likely) that is told;
    `post_only_threshold` the one where the profile shows nothing and only the post does. Then,
    where the artifact has an `encoder`, it reads the post as well: whether a civil servant speaks
    or is spoken of is a matter of the whole sentence.
    """

    classifier: LinearClassifier
    threshold: float
    post_only_threshold: float
    encoder: EncoderPart | None = None

    def judge(
        self, posts: Sequence[Post], examinations: Sequence[Examination | None]
    ) -> list[AsnJudgement]:
        """Judge posts by what the gate found; None stands for "nothing to judge".

        Returns one judgement per post, in the same order.
        """
        judgements = [NOT_ASN] * len(posts)
        places: list[int] = []
        asked: list[Asked] = []
        for place, (post, examination) in enumerate(zip(posts, examinations, strict=True)):
            if examination is None:
                continue
            verdict = apply_rules(examination, read=self.encoder is not None)
            item = Asked(post, examination, verdict)
            if item.verdict.signs:
                places.append(place)
                asked.append(item)
            else:
                judgements[place] = _none(examination, item.verdict)
        for place, item, row in zip(places, asked, self.probabilities(asked), strict=True):
            judgements[place] = self._weighed(item, *map(float, row))
        return judgements

    def probabilities(self, asked: Sequence[Asked]) -> Floats:
        """Return P(explicit) and P(likely), (n × 2); what is left of 1 is none."""
        documents = [author_features(item.examination, item.verdict) for item in asked]
        columns = [self.classifier.classes.index(label) for label in _ASN]
        rows = np.asarray(self.classifier.predict_proba(documents)[:, columns])
        if self.encoder is None:
            return rows
        told = rows.sum(axis=1)
        read = [
            number
            for number, item in enumerate(asked)
            if told[number] >= WORTH_READING and not shown_in_profile(item.verdict)
        ]
        if read:
            weighed = self.encoder.asn_probabilities([asked[n].post for n in read], told[read])
            rows[read] *= (weighed / told[read])[:, None]
        return rows

    def _weighed(self, item: Asked, explicit: float, likely: float) -> AsnJudgement:
        label = AsnLabel.NONE
        needed = self.threshold if shown_in_profile(item.verdict) else self.post_only_threshold
        if explicit + likely >= needed:
            label = AsnLabel.EXPLICIT if explicit >= likely else AsnLabel.LIKELY
        return AsnJudgement(
            label=label,
            score=min(1.0, explicit + likely),
            evidence=tuple(sign.evidence for sign in item.verdict.signs),
            counter=tuple(counter.evidence for counter in item.examination.counters),
            other_official=item.verdict.other_official,
        )


def asked_of(post: Post, gate: AsnGate, *, read: bool) -> Asked | None:
    """Return what the author model is asked about a post; None where gate or rules say none.

    `read`: as for `apply_rules`.
    """
    examination = gate.screen(post)
    if examination is None:
        return None
    verdict = apply_rules(examination, read=read)
    return Asked(post, examination, verdict) if verdict.signs else None


def shown_in_profile(verdict: RuleVerdict) -> bool:
    """Tell whether any sign that stands is in the profile."""
    return any(sign.evidence.field in PROFILE_FIELDS for sign in verdict.signs)


_ASN = (AsnLabel.EXPLICIT, AsnLabel.LIKELY)
NOT_ASN = AsnJudgement(label=AsnLabel.NONE, score=0.0)


def _none(examination: Examination, verdict: RuleVerdict) -> AsnJudgement:
    """Return none, where the rules left no sign standing, with all that was found."""
    return AsnJudgement(
        label=AsnLabel.NONE,
        score=0.0,
        evidence=tuple(sign.evidence for sign in verdict.cancelled),
        counter=tuple(counter.evidence for counter in examination.counters),
        other_official=verdict.other_official,
    )
