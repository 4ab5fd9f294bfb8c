"""What a classifier says about one post, in the exact shape of the contract."""

from dataclasses import dataclass
from typing import Any

from models.labels import Act, AsnLabel, Stance


@dataclass(frozen=True, slots=True)
class AsnEvidence:
    """A place in the profile or post that speaks for the author being ASN.

    `start` and `end` are character offsets into the field as received.
    """

    field: str
    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class AsnJudgement:
    """Is the author ASN: label, calibrated score in [0, 1], evidence.

    `counter` holds findings that speak against it (retired, spouse, applicant, ...).
    `other_official` marks village heads, TNI and Polri, who are not ASN.
    """

    label: AsnLabel
    score: float
    evidence: tuple[AsnEvidence, ...] = ()
    counter: tuple[AsnEvidence, ...] = ()
    other_official: bool = False


@dataclass(frozen=True, slots=True)
class StanceJudgement:
    """Does the post take sides: label and calibrated probabilities per stance, summing to 1."""

    label: Stance
    scores: dict[Stance, float]


@dataclass(frozen=True, slots=True)
class ActScore:
    """One act the post is evidence of, with a score in [0, 1]."""

    act: Act
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A span whose removal lowers the odds of the flagged stance; `weight` in [0, 1) says how far.

    See `models.explain.reasons` for the scale.
    """

    field: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Counter:
    """A span that may explain the post innocently: quotation, negation, question, ..."""

    kind: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """Everything a classifier says about one post.

    When `asn.label` is none: `stance` is None, `acts` and `targets` are empty, `flag` is
    False and `risk` is None, because no political view of an ordinary citizen is computed.
    `gate` is "off" only for evaluation on data that has no authors.
    """

    id: str
    flag: bool
    risk: float | None
    asn: AsnJudgement
    stance: StanceJudgement | None
    acts: tuple[ActScore, ...]
    targets: tuple[str, ...]
    reasons: tuple[Reason, ...]
    counter: tuple[Counter, ...]
    lang: str
    model_version: str
    gate: str = "on"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the contract, section 3."""
        body: dict[str, Any] = {
            "id": self.id,
            "flag": self.flag,
            "risk": _rounded(self.risk),
            "asn": {
                "label": self.asn.label.value,
                "score": _rounded(self.asn.score),
                "evidence": [_evidence(e) for e in self.asn.evidence],
                "counter": [_evidence(e) for e in self.asn.counter],
                "other_official": self.asn.other_official,
            },
            "stance": _stance(self.stance),
            "acts": [{"act": a.act.value, "score": _rounded(a.score)} for a in self.acts],
            "targets": list(self.targets),
            "reasons": [
                {"field": r.field, "start": r.start, "end": r.end, "weight": _rounded(r.weight)}
                for r in self.reasons
            ],
            "counter": [
                {"kind": c.kind, "field": c.field, "start": c.start, "end": c.end}
                for c in self.counter
            ],
            "lang": self.lang,
            "model_version": self.model_version,
        }
        if self.gate != "on":
            body["gate"] = self.gate
        return body


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _evidence(evidence: AsnEvidence) -> dict[str, Any]:
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "kind": evidence.kind,
    }


def _stance(stance: StanceJudgement | None) -> dict[str, Any] | None:
    if stance is None:
        return None
    scores = {label.value: _rounded(score) for label, score in stance.scores.items()}
    return {"label": stance.label.value, "scores": scores}
