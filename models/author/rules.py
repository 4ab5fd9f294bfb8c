"""Where the law is clear no model is asked: pensioners, spouses, applicants are not ASN.

Label guide, section 2. A counter sign takes away the signs of its own clause ("istri PNS",
"guru honorer SDN 3"); a plain status elsewhere ("PNS. Dulu honorer") stands.
"""

import re
from dataclasses import dataclass

from models.author.gate import OTHER_OFFICIAL_KINDS, PROFILE_FIELDS, Examination, Finding
from models.author.self_reference import SelfLevel

_CANCELS = frozenset({"retired", "spouse", "applicant", "honorer", "private_school"})
# Any mark but an apostrophe, hyphen or bracket ends a clause, emoji and arrows too.
_CLAUSE_END = re.compile(r"[^\w\s'\u2019()-]|\s-+\s|\b(?:sekarang|skrg|skg|saiki|kini)\b")
# Said of the whole account, these leave no room for a workplace sign to mean an ASN.
_WHOLE_PROFILE = frozenset({"retired", "honorer", "applicant", "parody"})


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the rules say before the author model is asked.

    `signs` are those left standing; when empty the label is none. `cancelled` are the others.
    """

    signs: tuple[Finding, ...]
    cancelled: tuple[Finding, ...]
    other_official: bool


def apply_rules(examination: Examination) -> RuleVerdict:
    """Take away the signs that a counter sign speaks for, and name other officials."""
    cancelling = [c for c in examination.counters if c.entry.kind in _CANCELS]
    standing: list[Finding] = []
    cancelled: list[Finding] = []
    for sign in examination.signs:
        text = examination.fields[sign.evidence.field]
        hit = any(_same_clause(text, sign, counter) for counter in cancelling)
        (cancelled if hit else standing).append(sign)
    if _account_is_not_asn(examination, standing):
        cancelled.extend(standing)
        standing = []
    other_official = _is_other_official(examination, standing)
    if other_official:
        cancelled.extend(standing)
        standing = []
    return RuleVerdict(tuple(standing), tuple(cancelled), other_official)


def _account_is_not_asn(examination: Examination, standing: list[Finding]) -> bool:
    """Tell whether the profile says retired, honorer, ... or parody, and no status beside it."""
    said = {
        c.entry.kind for c in examination.counters if c.evidence.field in PROFILE_FIELDS
    } & _WHOLE_PROFILE
    if "parody" in said:
        return True
    explicit = any(
        s.entry.kind in ("status_word", "structural_post") and s.evidence.field in PROFILE_FIELDS
        for s in standing
    )
    return bool(said) and not explicit


def _same_clause(text: str, sign: Finding, counter: Finding) -> bool:
    if sign.evidence.field != counter.evidence.field:
        return False
    if sign.start < counter.end and counter.start < sign.end:
        return True
    first, second = sorted((sign, counter), key=lambda f: f.start)
    between = text[first.end : second.start]
    return len(between) <= 40 and not _CLAUSE_END.search(between)


def _is_other_official(examination: Examination, standing: list[Finding]) -> bool:
    """Village heads, soldiers and police, unless a civil service status is said as well."""
    if any(s.entry.kind == "status_word" for s in standing):
        return False
    return any(
        counter.entry.kind in OTHER_OFFICIAL_KINDS
        and (counter.evidence.field in PROFILE_FIELDS or counter.level is SelfLevel.STRICT)
        for counter in examination.counters
    )
