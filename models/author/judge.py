"""Explicit, likely or none: the author model on top of the gate's findings and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.author.features import author_features
from models.author.gate import PROFILE_FIELDS, Examination
from models.author.rules import RuleVerdict, apply_rules
from models.labels import AsnLabel
from models.linear import LinearClassifier
from models.prediction import AsnJudgement


@dataclass(frozen=True, slots=True)
class AuthorJudge:
    """Author model with its thresholds.

    `threshold` is the lowest probability of being ASN (explicit or likely) that is told;
    `post_only_threshold` the one where the profile shows nothing and only the post does.
    """

    classifier: LinearClassifier
    threshold: float
    post_only_threshold: float

    def judge(self, examinations: Sequence[Examination | None]) -> list[AsnJudgement]:
        """Judge posts by what the gate found; None stands for "nothing to judge".

        Returns one judgement per examination, in the same order.
        """
        judgements = [NOT_ASN] * len(examinations)
        asked: list[int] = []
        documents: list[dict[str, list[str]]] = []
        verdicts: list[RuleVerdict] = []
        for position, examination in enumerate(examinations):
            if examination is None:
                continue
            verdict = apply_rules(examination)
            if not verdict.signs:
                judgements[position] = _none(examination, verdict)
                continue
            asked.append(position)
            verdicts.append(verdict)
            documents.append(author_features(examination, verdict))
        rows = self.classifier.predict_proba(documents)
        for position, verdict, row in zip(asked, verdicts, rows, strict=True):
            examination = examinations[position]
            assert examination is not None
            scores = dict(zip(self.classifier.classes, map(float, row), strict=True))
            judgements[position] = self._weighed(examination, verdict, scores)
        return judgements

    def _weighed(
        self, examination: Examination, verdict: RuleVerdict, scores: dict[str, float]
    ) -> AsnJudgement:
        explicit, likely = scores[AsnLabel.EXPLICIT], scores[AsnLabel.LIKELY]
        label = AsnLabel.NONE
        needed = self.threshold if shown_in_profile(verdict) else self.post_only_threshold
        if explicit + likely >= needed:
            label = AsnLabel.EXPLICIT if explicit >= likely else AsnLabel.LIKELY
        return AsnJudgement(
            label=label,
            score=explicit + likely,
            evidence=tuple(sign.evidence for sign in verdict.signs),
            counter=tuple(counter.evidence for counter in examination.counters),
            other_official=verdict.other_official,
        )


def shown_in_profile(verdict: RuleVerdict) -> bool:
    """Tell whether any sign that stands is in the profile."""
    return any(sign.evidence.field in PROFILE_FIELDS for sign in verdict.signs)


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
