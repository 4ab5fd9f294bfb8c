"""What may explain a post innocently, with its place: shown to the reviewer beside the reasons.

A counter-reason never moves a score or a flag. Which words count as one stands in `counter.toml`,
with examples that tests try.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from models.author.gate import Examination
from models.normalize import Folded, fold, fold_text
from models.post import Post
from models.prediction import Counter

_LIMIT_PER_KIND = 3
_WORD = re.compile(r"<([a-z]+)>")
# Addresses rather than relatives: "bapak ibu guru", "teman-teman PNS".
_ADDRESSED = re.compile(
    r"(?:bapak|ibu|mama|papa|pak|bu|anak|teman|temen|kawan)\b(?!ku| (?:saya|aku|gue))"
)


@dataclass(frozen=True, slots=True)
class CounterCue:
    """One kind of counter-reason; `pattern` is searched in folded text."""

    kind: str
    pattern: re.Pattern[str]
    parts: tuple[re.Pattern[str], ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@lru_cache(maxsize=1)
def load_counter_cues() -> tuple[CounterCue, ...]:
    """Read and compile `counter.toml`, once per process."""
    source = resources.files("models").joinpath("counter.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(_cue(entry, raw["words"]) for entry in raw["cue"])


def _cue(entry: Mapping[str, list[str]], words: Mapping[str, str]) -> CounterCue:
    parts = [_expanded(part, words) for part in entry["patterns"]]
    return CounterCue(
        kind=str(entry["kind"]),
        pattern=re.compile(rf"(?<!\w)(?:{'|'.join(parts)})"),
        parts=tuple(re.compile(rf"(?<!\w)(?:{part})") for part in parts),
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry["counterexamples"]),
    )


def _expanded(part: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda match: words[match[1]], part)


def find_counters(post: Post, examination: Examination | None) -> tuple[Counter, ...]:
    """Return counter spans in text and caption, in order of place, at most three of a kind each.

    `examination` adds the places where the post speaks of a relative who is a civil servant.
    """
    found: set[Counter] = set()
    for field, value in (("text", post.text), ("media_alt", post.media_alt)):
        if value:
            found.update(_in_field(field, fold(value)))
    if examination is not None:
        found.update(
            Counter("other_person_asn", evidence.field, evidence.start, evidence.end)
            for evidence in (counter.evidence for counter in examination.counters)
            if evidence.kind == "spouse"
            and evidence.field in ("text", "media_alt")
            and not _ADDRESSED.match(fold_text(evidence.text))
        )
    return tuple(sorted(found, key=lambda c: (c.field != "text", c.start, c.end, c.kind)))


def _in_field(field: str, folded: Folded) -> list[Counter]:
    found: list[Counter] = []
    for cue in load_counter_cues():
        for count, match in enumerate(cue.pattern.finditer(folded.text)):
            if count == _LIMIT_PER_KIND:
                break
            begin = match.start() + len(match.group()) - len(match.group().lstrip())
            end = match.start() + len(match.group().rstrip())
            if begin < end:
                found.append(Counter(cue.kind, field, *folded.span(begin, end)))
    return found
