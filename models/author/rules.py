"""Where the law is clear no model is asked: pensioners, spouses, applicants are not ASN.

Label guide, section 2. A counter sign takes away the signs of its own clause ("istri PNS",
"guru honorer SDN 3"); a plain status elsewhere ("PNS. Dulu honorer") stands.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from models.author.gate import OTHER_OFFICIAL_KINDS, PROFILE_FIELDS, Examination, Finding
from models.author.self_reference import SelfLevel

_CANCELS = frozenset({"retired", "spouse", "applicant", "honorer", "private_school", "nearby"})
# Any mark but an apostrophe, hyphen or bracket ends a clause, emoji and arrows too.
_CLAUSE_END = re.compile(r"[^\w\s'\u2019()-]|\s-+\s|\b(?:sekarang|skrg|skg|saiki|kini)\b")
# Said of the whole account, these leave no room for a workplace sign to mean an ASN.
_WHOLE_PROFILE = frozenset({"retired", "honorer", "applicant", "parody"})
# These end the matter, whatever else the profile names.
_NEVER_ASN = frozenset({"parody", "journalist"})
# "pensiunan? belum", "PNS dan honorer": not said of the author, or not against the status.
_DENIED = re.compile(r"\s{0,3}\?")
_BESIDE = re.compile(r"^[\s,]*(?:dan|&|sama|atau|maupun|serta|jeung|lan|karo)\s+(?:para\s+)?$")
_NEAR = 40
# No counter of the lexicon is longer than this.
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the rules say before the author model is asked.

    `signs` are those left standing; when empty the label is none. `cancelled` are the others.
    """

    signs: tuple[Finding, ...]
    cancelled: tuple[Finding, ...]
    other_official: bool


def apply_rules(examination: Examination, *, read: bool = False) -> RuleVerdict:
    """Take away the signs that a counter sign speaks for, and name other officials.

    `read` tells that the whole post will be read as well (an artifact with an encoder). Else a
    workplace that is merely named says nothing, and without a profile only what is plainly said
    of oneself counts.
    """
    cancelling = _cancelling(examination)
    standing: list[Finding] = []
    cancelled: list[Finding] = []
    for sign in examination.signs:
        text = examination.fields[sign.evidence.field]
        near = _around(cancelling.get(sign.evidence.field, []), sign)
        hit = any(_same_clause(text, sign, counter) for counter in near)
        (cancelled if hit else standing).append(sign)
    if not read:
        # Where no profile came with the post, nothing can speak against what its words may mean.
        profile = bool(PROFILE_FIELDS & examination.fields.keys())
        least = SelfLevel.FAINT if profile else SelfLevel.STRICT
        cancelled.extend(s for s in standing if s.level < least)
        standing = [s for s in standing if s.level >= least]
    if _account_is_not_asn(examination, standing):
        cancelled.extend(standing)
        standing = []
    other_official = _is_other_official(examination, standing)
    if other_official:
        cancelled.extend(standing)
        standing = []
    return RuleVerdict(tuple(standing), tuple(cancelled), other_official)


def _cancelling(examination: Examination) -> dict[str, list[Finding]]:
    """Return the counters that may cancel a sign, by field, in order of place."""
    found: dict[str, list[Finding]] = {}
    for counter in examination.counters:
        if counter.entry.kind not in _CANCELS or _is_denied(examination, counter):
            continue
        found.setdefault(counter.evidence.field, []).append(counter)
    return found


def _is_denied(examination: Examination, counter: Finding) -> bool:
    text = examination.fields[counter.evidence.field]
    return _DENIED.match(text, counter.end) is not None


def _around(counters: list[Finding], sign: Finding) -> list[Finding]:
    """Return those near enough to matter: a text of 2,000 of each must not take an hour."""
    first = bisect_left(counters, sign.start - _NEAR - _LONGEST, key=lambda c: c.start)
    last = bisect_right(counters, sign.end + _NEAR, key=lambda c: c.start)
    return counters[first:last]


def _account_is_not_asn(examination: Examination, standing: list[Finding]) -> bool:
    """Tell whether the profile says retired, honorer, ... or parody, and no status beside it."""
    said = {
        c.entry.kind
        for c in examination.counters
        if c.evidence.field in PROFILE_FIELDS and not _is_denied(examination, c)
    }
    if said & _NEVER_ASN:
        return True
    said &= _WHOLE_PROFILE
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
    if len(between) > _NEAR or _BESIDE.match(between):
        return False
    return not _CLAUSE_END.search(between)


def _is_other_official(examination: Examination, standing: list[Finding]) -> bool:
    """Village heads, soldiers and police, unless a civil service status is said as well."""
    if any(s.entry.kind == "status_word" for s in standing):
        return False
    return any(
        counter.entry.kind in OTHER_OFFICIAL_KINDS
        and (counter.evidence.field in PROFILE_FIELDS or counter.level is SelfLevel.STRICT)
        for counter in examination.counters
    )
