"""The first question of Netra is whether the author could be a civil servant (ASN).

A multi-pattern matcher over handle, name, bio, location, text and caption. It is made for
recall: whatever passes is judged again by the author model; whatever fails is dropped for good.
In the profile every sign counts. In the text, where people speak of civil servants all the
time, a sign is graded by how far it is said of oneself, down to BARE: nothing but the absence of
a sign that others are meant. Of the text a post answers, what is said to its author counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import ahocorasick

from models.author.hashtags import fold_hashtags, names_office
from models.author.lexicon import Entry, Lexicon, load_lexicon
from models.author.self_reference import (
    SelfLevel,
    left_out_self,
    maybe_of_oneself,
    said_to_author,
    self_level,
)
from models.normalize import Folded, fold_text
from models.post import Post
from models.prediction import AsnEvidence

PROFILE_FIELDS = frozenset({"author.handle", "author.name", "author.bio", "author.location"})
REPLIED_TO = "reply_to"
_SCHOOL_POST = re.compile(r"guru|kepala|kepsek|wakasek|ngajar|wali kelas|pendidik")
_LINK_LIMIT = 200
OTHER_OFFICIAL_KINDS = frozenset({"village_official", "military_police"})
# A text that repeats one sign says no more by its 100th time, and each costs time to grade.
_MATCHES_LIMIT = 100
# An anchor this long counts wherever it stands; a shorter one must be a word of its own, with
# at most one of these endings, else "tu" would be found in "tua".
_FREE_ANCHOR = 6
_ENDINGS = (
    *("ku", "mu", "nya", "ne", "na", "ta", "mi", "pp", "neg", "umum", "inpres"),
    *("sdn", "smpn", "sman", "smkn"),  # hashtags glue them: "#aku_gurusdn"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that speaks for or against; `level` is how far it is said of oneself.

    `start` and `end` are offsets into the folded field, `evidence` has those of the field as
    received. In the profile the level is always STRICT.
    """

    entry: Entry
    evidence: AsnEvidence
    start: int
    end: int
    level: SelfLevel


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings of one post, and its folded fields by name."""

    findings: tuple[Finding, ...]
    fields: dict[str, str]

    @property
    def signs(self) -> tuple[Finding, ...]:
        """Findings that speak for the author being ASN."""
        return tuple(f for f in self.findings if f.entry.role == "sign")

    @property
    def counters(self) -> tuple[Finding, ...]:
        """Findings that speak against it."""
        return tuple(f for f in self.findings if f.entry.role == "counter")


class AsnGate:
    """High-recall matcher for signs of being ASN; needs no artifact and keeps no state."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        """Compile the matcher. `lexicon` defaults to the one shipped with this package."""
        self._lexicon = lexicon or load_lexicon()
        inside = self._lexicon.inside
        self._signs = _automaton(self._lexicon.anchors("sign"), inside)
        self._officials = _automaton(self._lexicon.anchors_of(OTHER_OFFICIAL_KINDS), inside)
        self._all = _automaton(iter(self._lexicon.matchers), inside)

    def passes(self, post: Post) -> bool:
        """Tell whether the post must be judged by the author model. Fast where it need not."""
        return self._may_have_sign(post) and any(
            self._findings(name, value, fold_hashtags(value), signs_only=True)
            for name, value in post.fields()
        )

    def screen(self, post: Post) -> Examination | None:
        """Return what the author model must weigh, or None where there is nothing at all.

        A profile of another official (village head, soldier, police) is examined as well: the
        judgement names such authors without counting them as ASN.
        """
        if self._may_have_sign(post) or self._may_be_official(post):
            examination = self.examine(post)
            return examination if examination.findings else None
        return None

    def find(self, post: Post) -> tuple[AsnEvidence, ...]:
        """Return every sign and counter sign, in field order, then by place."""
        return tuple(finding.evidence for finding in self.examine(post).findings)

    def examine(self, post: Post) -> Examination:
        """Return all findings with what the author model needs to weigh them."""
        findings: list[Finding] = []
        folded_fields: dict[str, str] = {}
        for name, value in post.fields():
            folded = fold_hashtags(value)
            folded_fields[name] = folded.text
            findings.extend(self._findings(name, value, folded))
        return Examination(tuple(findings), folded_fields)

    def _may_have_sign(self, post: Post) -> bool:
        author = post.author
        # Handles glue words together: there any anchor is worth a closer look.
        if author.handle and any(True for _ in self._signs.iter(fold_text(author.handle))):
            return True
        joined = fold_text(
            f" {author.name} {author.bio} {author.location} {post.text} {post.media_alt} "
            f"{post.reply_to} "
        )
        tagged = "#" in joined
        for end, (length, free) in self._signs.iter(joined):
            if free or (
                not joined[end - length].isalpha()
                and (not joined[end + 1].isalpha() or joined.startswith(_ENDINGS, end + 1))
            ):
                return True
            if tagged:
                # Once is enough: what it tells does not depend on the anchor.
                if names_office(joined):
                    return True
                tagged = False
        return False

    def _may_be_official(self, post: Post) -> bool:
        if not post.has_author:
            return False
        author = post.author
        joined = fold_text(f" {author.handle} {author.name} {author.bio}")
        return next(self._officials.iter(joined), None) is not None

    def _findings(
        self, field: str, value: str, folded: Folded, *, signs_only: bool = False
    ) -> list[Finding]:
        text = folded.text
        words = self._signs if signs_only else self._all
        anchors = {text[end - length + 1 : end + 1] for end, (length, _) in words.iter(text)}
        is_handle = field == "author.handle"
        spans: dict[tuple[int, int, str], Finding] = {}
        for anchor in anchors:
            for matcher in self._lexicon.matchers[anchor]:
                if signs_only and matcher.entry.role != "sign":
                    continue
                if matcher.fields and field not in matcher.fields:
                    continue
                if matcher.entry.text == "never" and field not in PROFILE_FIELDS:
                    continue
                regex = matcher.handle if is_handle else matcher.regex
                for match in islice(regex.finditer(text), _MATCHES_LIMIT):
                    level = _level(matcher.entry, field, text, match.start(), match.end())
                    key = (match.start(), match.end(), matcher.entry.kind)
                    if level is SelfLevel.NONE or key in spans or match.start() == match.end():
                        continue
                    start, end = folded.span(match.start(), match.end())
                    evidence = AsnEvidence(field, start, end, value[start:end], matcher.entry.kind)
                    spans[key] = Finding(matcher.entry, evidence, match.start(), match.end(), level)
        return _longest(sorted(spans.values(), key=lambda f: (f.start, -f.end, f.entry.kind)))


def _level(entry: Entry, field: str, text: str, start: int, end: int) -> SelfLevel:
    if field in PROFILE_FIELDS or entry.text == "always":
        return SelfLevel.STRICT
    if entry.text == "caption" and field == "media_alt":
        return SelfLevel.STRICT
    if "://" in text[max(0, start - _LINK_LIMIT) : start].rpartition(" ")[2]:
        return SelfLevel.NONE  # the letters of a shortened link say nothing
    if field == REPLIED_TO:
        told = entry.role == "sign" and said_to_author(
            text, start, end, post=entry.kind == "structural_post"
        )
        return SelfLevel.BARE if told else SelfLevel.NONE
    level = self_level(text, start, end)
    if level is not SelfLevel.NONE or entry.role == "counter":
        return level
    if _may_leave_out_self(entry, field, text, start, end):
        return SelfLevel.LOOSE
    if entry.text == "caption":
        return SelfLevel.NONE
    # A school by itself is where one's children go; a post in it is somebody's work.
    school = entry.kind == "state_school" and not _SCHOOL_POST.search(text, start, end)
    workplace = entry.text != "unsaid" or school
    return maybe_of_oneself(text, start, end, workplace=workplace)


def _may_leave_out_self(entry: Entry, field: str, text: str, start: int, end: int) -> bool:
    """Allow for captions, which describe what their author shows, and for a missing "I"."""
    return field == "media_alt" or (entry.text == "unsaid" and left_out_self(text, start, end))


def _longest(findings: list[Finding]) -> list[Finding]:
    """Drop findings that lie inside a longer one of the same role ("guru" in "guru sdn 3")."""
    kept: list[Finding] = []
    reach: dict[str, int] = {}
    for finding in findings:
        role = finding.entry.role
        if finding.end <= reach.get(role, -1):
            continue
        reach[role] = finding.end
        kept.append(finding)
    return kept


def _automaton(words: Iterator[str], inside: frozenset[str]) -> ahocorasick.Automaton:
    """Return an automaton that yields (length, may stand inside a word) for each anchor."""
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, (len(word), len(word) >= _FREE_ANCHOR or word in inside))
    automaton.make_automaton()
    return automaton
