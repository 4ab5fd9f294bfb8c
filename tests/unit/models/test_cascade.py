"""ASN first: the stance model never sees a post of somebody who does not show to be ASN."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.cascade import Cascade
from models.labels import AsnLabel, Stance
from models.linear import Floats
from models.post import Post
from models.stance.judge import StanceModel

MakePost = Callable[..., Post]
EVIL = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\x00\u200b\u202e\u200dİﬀ 02!🇮🇩✌️\n")),
    max_size=120,
)


@dataclass(frozen=True, slots=True)
class SpyStance(StanceModel):
    """Remembers every text it is asked about."""

    seen: list[str] = field(default_factory=list)

    def probabilities(self, posts: Sequence[Post]) -> Floats:
        """Remember, then answer as the real one."""
        self.seen.extend(post.text for post in posts)
        return StanceModel.probabilities(self, posts)


def spied(cascade: Cascade) -> tuple[Cascade, list[str]]:
    real = cascade.stance
    spy = SpyStance(real.classifier, real.entities, real.threshold, real.stemmed, real.encoder)
    return replace(cascade, stance=spy), spy.seen


def test_stance_is_never_computed_for_others(cascade: Cascade, make_post: MakePost) -> None:
    watched, seen = spied(cascade)
    posts = [
        make_post("coblos 02, menangkan!", "a", bio="pedagang bakso"),
        make_post("coblos 02, menangkan!!", "b", bio="pensiunan PNS"),
        make_post("coblos 02, menangkan!!!", "c"),
        make_post("coblos 02 bersama!", "d", bio="Kepala Desa Sukamaju"),
        make_post("ayo coblos 02", "e", bio="PNS Pemkab Sleman, Guru SDN 3"),
    ]
    predictions = watched.predict(posts)
    assert [p.id for p in predictions] == ["a", "b", "c", "d", "e"]
    for prediction in predictions[:4]:
        assert prediction.asn.label is AsnLabel.NONE
        assert prediction.stance is None
        assert prediction.risk is None
        assert not prediction.flag
        assert not (prediction.acts or prediction.targets or prediction.reasons)
        assert not prediction.counter
    assert predictions[3].asn.other_official
    assert predictions[4].asn.label is not AsnLabel.NONE
    # Whatever was asked (the whole post, then words left out) is of the last post.
    assert seen
    assert not any("menangkan" in text or "bersama" in text for text in seen)


def test_flagged_post_says_why(cascade: Cascade, make_post: MakePost) -> None:
    text = "Ayo coblos nomor 02! Menangkan pasangan kita, dukung terus 💪"
    prediction = cascade.predict([make_post(text, bio="PNS, guru SDN 3 Wonosari")])[0]
    assert prediction.flag
    assert prediction.stance is not None
    assert prediction.stance.label is Stance.SUPPORT
    assert abs(sum(prediction.stance.scores.values()) - 1.0) < 1e-9
    assert prediction.risk is not None
    assert 0.0 < prediction.risk < 1.0
    assert prediction.acts
    assert prediction.reasons
    assert "nomor 02" in prediction.targets
    for reason in prediction.reasons:
        assert text[reason.start : reason.end].strip()
    assert "PNS" in {evidence.text for evidence in prediction.asn.evidence}


def test_gate_off_judges_the_stance_and_never_flags(cascade: Cascade, make_post: MakePost) -> None:
    prediction = cascade.predict([make_post("coblos 02, menangkan!")], gate=False)[0]
    assert prediction.stance is not None
    assert prediction.gate == "off"
    assert prediction.asn.label is AsnLabel.NONE
    assert not prediction.flag
    assert prediction.risk is None
    assert prediction.to_dict()["gate"] == "off"


def test_no_posts_no_predictions(cascade: Cascade) -> None:
    assert cascade.predict([]) == []
    assert cascade.predict([], gate=False) == []


def test_batch_and_single_agree(cascade: Cascade, make_post: MakePost) -> None:
    posts = [
        make_post(f"dukung paslon {i}, lanjutkan! 🙏", str(i), bio="Camat Sukorejo")
        for i in range(1, 5)
    ]
    assert cascade.predict(posts) == [cascade.predict([post])[0] for post in posts]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EVIL, EVIL)
def test_evil_text_gets_exact_offsets(
    cascade: Cascade, make_post: MakePost, text: str, caption: str
) -> None:
    written = f"{text} coblos 02 menangkan"
    post = make_post(written, media_alt=caption, bio="PNS Guru SDN 3")
    prediction = cascade.predict([post])[0]
    fields = {"text": written, "media_alt": caption}
    places = [(r.field, r.start, r.end) for r in prediction.reasons]
    places += [(c.field, c.start, c.end) for c in prediction.counter]
    for name, start, end in places:
        assert 0 <= start < end <= len(fields[name])
    for evidence in prediction.asn.evidence:
        value = dict(post.fields())[evidence.field]
        assert value[evidence.start : evidence.end] == evidence.text


def test_longest_post_is_answered(cascade: Cascade, make_post: MakePost) -> None:
    post = make_post(("coblos 02 \x00\u202e menang 💪 " * 1000)[:20_000], bio="PNS")
    prediction = cascade.predict([post])[0]
    assert prediction.stance is not None
    assert len(prediction.reasons) <= 6
