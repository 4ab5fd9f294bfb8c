"""Counter-reasons: every cue finds its examples, says where, tells innocent posts, stays quick."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.author.gate import AsnGate
from models.counter import CounterCue, find_counters, load_counter_cues
from models.labels import AsnLabel, Platform, Stance
from models.normalize import fold_text
from models.post import Post
from training.dataset import Example, read_examples

MakePost = Callable[..., Post]
CUES = load_counter_cues()
TRAIN = Path(__file__).parents[3] / "data" / "labeled" / "train.jsonl"


@pytest.mark.parametrize(
    ("cue", "example"),
    [(cue, example) for cue in CUES for example in cue.examples],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_cue_finds_its_example(make_post: MakePost, cue: CounterCue, example: str) -> None:
    found = [c for c in find_counters(make_post(example), None) if c.kind == cue.kind]
    assert found
    for counter in found:
        told = example[counter.start : counter.end]
        assert told
        assert told == told.strip()


@pytest.mark.parametrize(
    ("cue", "example"),
    [(cue, example) for cue in CUES for example in cue.counterexamples],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_cue_leaves_its_counterexample(make_post: MakePost, cue: CounterCue, example: str) -> None:
    assert cue.kind not in {c.kind for c in find_counters(make_post(example), None)}


def test_every_pattern_is_tried_by_an_example() -> None:
    for cue in CUES:
        for part in cue.parts:
            assert any(part.search(fold_text(example)) for example in cue.examples), part.pattern


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("hari ini saya tidak memihak siapa pun", "negation", "tidak memihak"),
        ("kulo ASN, mboten melu siapa-siapa", "negation", "mboten melu siapa-siapa"),
        ("punten, abdi mah moal ilu", "negation", "abdi mah moal ilu"),
        ("ado nan tau jadwalnya", "question", "ado nan tau"),
        ("semalam jaga TPS sampai subuh", "official_duty", "jaga TPS"),
        ("menurut kabar, suami saya PNS di dinas", "other_person_asn", "suami saya PNS"),
    ],
)
def test_the_span_is_the_words_as_written(
    make_post: MakePost, text: str, kind: str, told: str
) -> None:
    spans = [text[c.start : c.end] for c in find_counters(make_post(text), None) if c.kind == kind]
    assert told in spans


def test_offsets_survive_invisible_marks_and_lie_in_the_right_field(make_post: MakePost) -> None:
    caption = "spanduk ik\u200brar netr\u200dalitas"
    found = find_counters(make_post("foto tadi pagi", media_alt=caption), None)
    assert {c.field for c in found} == {"media_alt"}
    assert {caption[c.start : c.end] for c in found} == {"ik\u200brar", "netr\u200dalitas"}


def test_a_relative_found_by_the_gate_is_another_person(make_post: MakePost) -> None:
    text = "suami dinas di kelurahan, saya di rumah"
    found = find_counters(make_post(text), AsnGate().examine(make_post(text)))
    assert ("other_person_asn", "suami dinas") in {(c.kind, text[c.start : c.end]) for c in found}


def test_fellow_civil_servants_addressed_are_not_other_persons(make_post: MakePost) -> None:
    post = make_post("bapak ibu guru, teman-teman PNS, kami dosen PNS di sini")
    assert "other_person_asn" not in {c.kind for c in find_counters(post, AsnGate().examine(post))}


def test_at_most_three_of_a_kind(make_post: MakePost) -> None:
    assert len(find_counters(make_post("KPPS " * 40), None)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        " " * 100_000,
        '"' * 100_000,
        "kata '\"" * 15_000,
        "#dukung02 " * 10_000,
        "jangan boleh kapan selamat terpilih " * 3_000,
        "saya tidak " * 9_000,
        "dikatakan katanya " * 6_000,
        "suami saya " * 9_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    started = time.perf_counter()
    find_counters(Post(id="1", platform=Platform.X, text=text), None)
    assert time.perf_counter() - started < 3.0


def _shares(examples: list[Example], told: dict[str, set[str]]) -> dict[str, float]:
    return {
        cue.kind: sum(cue.kind in told[e.post.id] for e in examples) / len(examples) for cue in CUES
    }


def test_each_kind_tells_something() -> None:
    """A reason to doubt that is as frequent on true violations would only distract."""
    gate = AsnGate()
    examples = [e for e in read_examples(TRAIN)[::2] if e.gold.asn is not None]
    told = {
        e.post.id: {c.kind for c in find_counters(e.post, gate.examine(e.post))} for e in examples
    }
    asn = [e for e in examples if e.gold.asn is not AsnLabel.NONE]
    innocent = _shares([e for e in asn if not e.gold.flag], told)
    guilty = _shares([e for e in asn if e.gold.flag], told)
    # These two explain away something else: the author, and praise that is none.
    kind = "other_person_asn"
    innocent[kind] = _shares([e for e in examples if e.gold.asn is AsnLabel.NONE], told)[kind]
    guilty[kind] = _shares(asn, told)[kind]
    kind = "sarcasm"
    innocent[kind] = _shares([e for e in examples if e.gold.stance is Stance.OPPOSE], told)[kind]
    guilty[kind] = _shares([e for e in examples if e.gold.stance is Stance.SUPPORT], told)[kind]
    for cue in CUES:
        assert innocent[cue.kind] > 2.5 * guilty[cue.kind], cue.kind
