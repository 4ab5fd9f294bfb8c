"""Targets, acts, counter signs and languages, one by one."""

from collections.abc import Callable

import pytest

from models.acts import ActCue, load_act_cues
from models.author.gate import AsnGate
from models.counter import find_counters
from models.labels import Act
from models.language import guess_language
from models.normalize import fold_text
from models.post import Post
from models.targets import Gazetteer
from models.thresholds import Thresholds

MakePost = Callable[..., Post]
PARTIES = Gazetteer.from_dict(
    {
        "party": [
            {"name": "Partai Amanat Nasional", "aliases": ["PAN"], "ambiguous": ["PAN"]},
            {"name": "Partai Keadilan Sejahtera", "aliases": ["PKS"]},
        ]
    }
)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("coblos no 3 ya", ("no 3",)),
        ("Paslon 02 menang, paslon 02 jaya", ("Paslon 02",)),
        ("salam dua jari", ("salam dua jari",)),
        ("hidup pks dan PAN", ("pks", "PAN")),
        ("goreng pakai pan anti lengket", ()),
        ("rapat jam 02.00 di lantai 3", ()),
        ("Karna-Koko jaya", ("Karna-Koko",)),
    ],
)
def test_targets_as_written(make_post: MakePost, text: str, targets: tuple[str, ...]) -> None:
    assert PARTIES.targets(make_post(text)) == targets


def test_empty_gazetteer_still_finds_numbers(make_post: MakePost) -> None:
    assert Gazetteer.empty().targets(make_post("nomor urut 1, PKS")) == ("nomor urut 1",)


@pytest.mark.parametrize("data", [{"party": {}}, {"party": [{"aliases": []}]}, {"party": ["PKS"]}])
def test_gazetteer_of_another_shape(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="party"):
        Gazetteer.from_dict(data)


@pytest.mark.parametrize(
    ("cue", "example"),
    [(cue, example) for cue in load_act_cues() for example in cue.examples],
    ids=lambda value: value if isinstance(value, str) else value.act,
)
def test_act_cue_finds_its_example(cue: ActCue, example: str) -> None:
    words = fold_text(example)
    assert cue.found_in("" if cue.where == "caption" else words, words)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"saya akan menang di sini" begitu katanya', "quotation"),
        ("ASN jangan ikut kampanye ya", "negation"),
        ("boleh nggak sih dukung paslon?", "question"),
        ("hasil survei terbaru https://contoh.id/a", "news_sharing"),
        ("saya petugas KPPS di TPS 3", "official_duty"),
        ("istri saya PNS", "other_person_asn"),
    ],
)
def test_counter_sign(make_post: MakePost, text: str, kind: str) -> None:
    post = make_post(text)
    found = find_counters(post, AsnGate().examine(post))
    assert kind in {counter.kind for counter in found}
    for counter in found:
        assert text[counter.start : counter.end].strip()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("saya sudah tidak ada di sini karena hujan", "id"),
        ("aku wis ora ngerti kudu piye karo kowe", "jv"),
        ("abdi mah teu terang naon nu aya di dieu atuh", "su"),
        ("beta seng tau se pung mau dong", "abs"),
        ("🔥🔥🔥", "other"),
        ("", "other"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert guess_language(text) == code


@pytest.mark.parametrize("value", [1.5, -0.1, "nan", None])
def test_threshold_must_be_a_probability(value: object) -> None:
    shape = {"asn": 0.5, "asn_post_only": 0.5, "stance": value, "acts": {}}
    with pytest.raises((ValueError, TypeError)):
        Thresholds.from_dict(shape)
    kept = Thresholds.from_dict({**shape, "stance": 0.3, "acts": {"OTHER": 0.5}})
    assert kept.acts == {Act.OTHER: 0.5}
    assert Thresholds.from_dict(kept.to_dict()) == kept
