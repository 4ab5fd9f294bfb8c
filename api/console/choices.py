"""The buttons under a case: what each decides, its key, and the reason it stands for."""

from dataclasses import dataclass

from models.labels import AsnLabel, Stance
from monitor.domain import DecisionKind
from monitor.review.decisions import Opinion


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the form sends; `reason` becomes the note, before what was typed."""

    value: str
    key: str
    text: str
    decision: DecisionKind
    reason: str = ""
    asn: AsnLabel | None = None
    stance: Stance | None = None
    needs_note: bool = False

    def opinion(self, version: int, typed: str) -> Opinion:
        return Opinion(
            decision=self.decision,
            version=version,
            asn=self.asn,
            stance=self.stance,
            note=": ".join(filter(None, (self.reason, typed))),
        )


_CHOICES = (
    Choice("confirm", "Y", "Ya, layak dilanjutkan", DecisionKind.CONFIRM),
    Choice("escalate", "E", "Eskalasi", DecisionKind.ESCALATE),
    Choice("needs_info", "I", "Perlu informasi", DecisionKind.NEEDS_INFO),
    Choice("duplicate", "D", "Duplikat", DecisionKind.DUPLICATE),
    Choice(
        "dismiss_not_asn", "1", "Bukan ASN", DecisionKind.DISMISS, "Bukan ASN", asn=AsnLabel.NONE
    ),
    Choice(
        "dismiss_not_partisan",
        "2",
        "Tidak memihak",
        DecisionKind.DISMISS,
        "Tidak memihak",
        stance=Stance.NONE,
    ),
    Choice(
        "dismiss_news",
        "3",
        "Berita / kutipan",
        DecisionKind.DISMISS,
        "Berita atau kutipan",
        stance=Stance.NONE,
    ),
    Choice("dismiss", "4", "Lainnya…", DecisionKind.DISMISS, needs_note=True),
)
CHOICES = {choice.value: choice for choice in _CHOICES}
ONWARD = tuple(c for c in _CHOICES if c.decision is not DecisionKind.DISMISS)
SET_ASIDE = tuple(c for c in _CHOICES if c.decision is DecisionKind.DISMISS)
