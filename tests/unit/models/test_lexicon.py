"""Every entry of the lexicon finds its examples and leaves its counterexamples alone."""

import pytest

from models.author.gate import AsnGate
from models.author.lexicon import Entry, load_lexicon
from models.post import Post, parse_post

GATE = AsnGate()
ENTRIES = load_lexicon().entries


def _with(entry: Entry, words: str) -> Post:
    post: dict[str, object] = {"id": "1", "platform": "x", "text": "selamat pagi"}
    if entry.text == "caption":
        post["media_alt"] = words
    elif entry.kind in ("office_life", "addressed"):
        post["text"] = f"{words} tadi"
    else:
        post["author"] = {"bio": words}
    return parse_post(post)


@pytest.mark.parametrize(
    ("entry", "example"),
    [(entry, example) for entry in ENTRIES for example in entry.examples],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_example_is_found(entry: Entry, example: str) -> None:
    kinds = {finding.entry.kind for finding in GATE.examine(_with(entry, example)).findings}
    assert entry.kind in kinds


@pytest.mark.parametrize(
    ("entry", "example"),
    [(entry, example) for entry in ENTRIES for example in entry.counterexamples],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_counterexample_is_left_alone(entry: Entry, example: str) -> None:
    kinds = {finding.entry.kind for finding in GATE.examine(_with(entry, example)).findings}
    assert entry.kind not in kinds
