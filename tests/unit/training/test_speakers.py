"""Of which posts the encoder is asked who speaks, and from which score on it is believed."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.author.gate import AsnGate
from models.author.judge import AuthorJudge, asked_of
from models.encoder.part import EncoderPart, log_odds
from models.encoder.reader import EncoderReader
from models.labels import Act, AsnLabel, Stance
from models.linear import Floats, LinearClassifier
from models.post import parse_post
from tests.encoder_builders import tiny_part
from training.dataset import Example, Gold
from training.fit_author import fit_author, talk_about_civil_servants
from training.speakers import join_speakers, speakers, words_alone_name_it

GATE = AsnGate()
OWN = ("saya PNS di kantor camat", "kami di puskesmas habis apel", "aku ASN, ngajar di SMPN 1")
LABELS = (AsnLabel.EXPLICIT, AsnLabel.LIKELY, AsnLabel.EXPLICIT)
OTHERS = ("tetangga saya PNS di kantor camat", "anak saya murid SDN 2", "kata ASN itu, sepi")


def example(
    post_id: str, text: str, asn: AsnLabel, *, bio: str = "", real: bool = False
) -> Example:
    """A written post of this text; without a bio the profile says nothing."""
    author = {"handle": "_", **({"bio": bio} if bio else {})}
    row = {"id": post_id, "platform": "x", "text": text, "author": author}
    return Example(parse_post(row), Gold(stance=Stance.NONE, asn=asn))


@pytest.fixture(scope="module")
def train() -> list[Example]:
    own = [example(f"s{n}", OWN[n % 3] + " ya" * (n // 3), LABELS[n % 3]) for n in range(60)]
    others = [example(f"w{n}", OTHERS[n % 3] + " ya" * (n // 3), AsnLabel.NONE) for n in range(60)]
    return own + others


@pytest.fixture(scope="module")
def author(train: list[Example]) -> LinearClassifier:
    return fit_author(train, GATE, read=True)


@pytest.mark.parametrize(
    ("post", "asked"),
    [
        (example("a", "saya PNS", AsnLabel.EXPLICIT), True),
        (example("b", "tetangga saya PNS", AsnLabel.NONE), True),
        (example("c", "saya PNS", AsnLabel.EXPLICIT, bio="guru SDN 3"), False),
        (example("d", "apel pagi di kantor camat", AsnLabel.NONE, bio="pensiunan PNS"), False),
        (example("e", "saya jualan bakso", AsnLabel.NONE), False),
        (replace(example("f", "saya PNS", AsnLabel.EXPLICIT), real=True), False),
    ],
)
def test_only_posts_whose_own_words_name_the_service_are_asked(post: Example, asked: bool) -> None:
    assert words_alone_name_it(post, GATE) is asked


def test_what_is_held_out_is_learnt_from_nowhere(train: list[Example]) -> None:
    dev = [example("d1", "saya PNS pemda", AsnLabel.EXPLICIT)]
    found = speakers(train, dev, GATE)
    held = {e.post.id for e in found.held}
    assert "d1" in held
    assert len(held) > 10
    assert not held & found.answers.keys()
    assert not held & {e.post.id for e in found.kept}
    assert {e.post.id for e in train} == {e.post.id for e in found.kept} | (held - {"d1"})
    learnt = {e.meta["sentence"] for e in found.about}
    assert not learnt & {e.meta["sentence"] for e in found.held_about}
    assert len(found.about) + len(found.held_about) == len(talk_about_civil_servants())


def test_answers_are_the_labels(train: list[Example]) -> None:
    answers = speakers(train, [], GATE).answers
    assert {post_id[0] for post_id, speaks in answers.items() if speaks} == {"s"}
    assert {post_id[0] for post_id, speaks in answers.items() if not speaks} == {"w"}


def _knowing_part(monkeypatch: pytest.MonkeyPatch, mistaken: int = 0) -> EncoderPart:
    """An encoder that knows who speaks, but for one text of so many that it was not taught."""

    def speaks(text: str) -> bool:
        own = text.startswith(("saya pns", "kami di puskesmas", "aku asn"))
        return own or bool(mistaken and zlib.crc32(text.encode()) % mistaken == 0)

    def knowing(self: EncoderReader, texts: Sequence[str]) -> Floats:
        return np.array([6.0 if speaks(text) else -6.0 for text in texts])

    monkeypatch.setattr(EncoderReader, "author_logits", knowing)
    return tiny_part((Act.POST_LIKE_FOLLOW,))[2]


def test_a_reading_that_knows_is_listened_to(
    train: list[Example], author: LinearClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = speakers(train, [], GATE)
    found = replace(found, held_about=[])
    part = _knowing_part(monkeypatch)
    stack, threshold = join_speakers(part, author, GATE, found)
    assert stack.encoder > 0.3
    judge = AuthorJudge(author, 0.5, threshold, replace(part, author=stack))
    held = [(e, asked_of(e.post, GATE, read=True)) for e in found.held]
    told = judge.judge([e.post for e, _ in held], [i.examination if i else None for _, i in held])
    own = [t.label is not AsnLabel.NONE for t, (e, _) in zip(told, held, strict=True)]
    assert own == [e.gold.asn is not AsnLabel.NONE for e, _ in held]


def test_sentences_about_civil_servants_lift_the_threshold(
    train: list[Example], author: LinearClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = speakers(train, [], GATE)
    part = _knowing_part(monkeypatch, mistaken=10)
    stack, threshold = join_speakers(part, author, GATE, found)
    _, lower = join_speakers(part, author, GATE, replace(found, held_about=[]))
    assert threshold > lower
    judge = AuthorJudge(fit_author(found.kept, GATE, found.about, read=True), 0.5, threshold)
    items = [i for e in found.held_about if (i := asked_of(e.post, GATE, read=True)) is not None]
    told = replace(judge, encoder=replace(part, author=stack)).probabilities(items).sum(axis=1)
    assert (told > threshold).sum() <= 0.01 * len(found.held_about) < (told > 0.0).sum()


def test_what_the_public_says_lifts_the_threshold(
    train: list[Example], author: LinearClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = replace(speakers(train, [], GATE), held_about=[])
    part = _knowing_part(monkeypatch)
    _, lower = join_speakers(part, author, GATE, found)
    # Real posts in the very words of civil servants: whoever wrote them, they are many.
    public = [replace(e, real=True) for e in train if e.post.id.startswith("s")]
    stack, threshold = join_speakers(part, author, GATE, found, public)
    assert threshold > lower
    judge = AuthorJudge(fit_author(found.kept, GATE, found.about, read=True), 0.5, threshold)
    judge = replace(judge, encoder=replace(part, author=stack))
    items = [i for e in public if (i := asked_of(e.post, GATE, read=True)) is not None]
    told = judge.probabilities(items).sum(axis=1)
    assert (told >= threshold).mean() <= 0.02
    assert (told >= lower).mean() > 0.5


def test_certainty_stays_a_number() -> None:
    assert np.isfinite(log_odds(np.array([0.0, 1.0, 0.5]))).all()
    assert log_odds(np.array([0.5]))[0] == pytest.approx(0.0)
