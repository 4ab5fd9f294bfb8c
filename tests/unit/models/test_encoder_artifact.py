"""An artifact with an encoder: loaded, refused and asked like any other."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import registry
from models.artifact import sha256
from models.cascade import Cascade
from models.encoder.part import EncoderPart
from models.encoder.stack import Stack
from models.errors import ArtifactDamaged, ArtifactUnsupported
from models.labels import Act, AsnLabel
from models.post import Post
from models.stance.judge import STANCES
from models.thresholds import Thresholds
from tests.encoder_builders import tiny_part
from training.export import write_artifact
from training.fit import Fitted, FittedEncoder

FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")


@pytest.fixture(scope="module")
def fitted(small_root: Path) -> Fitted:
    """The small word-count model with a tiny encoder of random weights beside it."""
    words = registry.load(root=small_root)
    folder = small_root / "artifacts" / "kecil" / "1"
    acts = tuple(Act(name) for name in words.acts.classifier.classes)
    graph, tokenizer, part = tiny_part(acts)
    return Fitted(
        words.author.classifier,
        words.stance.classifier,
        words.acts.classifier,
        Thresholds.from_dict(json.loads((folder / "thresholds.json").read_text())),
        words.risk,
        words.stance.entities,
        words.stance.stemmed,
        FittedEncoder(graph, tokenizer, part, {}, "buatan"),
    )


@pytest.fixture(scope="module")
def written(fitted: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dengan-encoder")
    facts = {"name": "cilik", "version": 1, "description": "untuk uji"}
    write_artifact(root / "artifacts" / "cilik" / "1", fitted, facts, metrics={})
    return root


@pytest.fixture
def root(written: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def cascade(written: Path) -> Cascade:
    return registry.load("cilik@1", root=written)


@pytest.fixture
def posts(make_post: Callable[..., Post]) -> list[Post]:
    texts = ("ayo coblos 02 menangkan!", "rapat di sekolah", "tolak, jangan pilih 01", "!")
    return [
        make_post(text, id=str(n), bio=bio, name="Sari")
        for n, (text, bio) in enumerate(
            (t, b) for t in texts for b in ("PNS, guru SDN 3", "camat", "jualan bakso")
        )
    ]


def folder(root: Path) -> Path:
    return root / "artifacts" / "cilik" / "1"


def rewrite(root: Path, contents: dict[str, bytes | None]) -> None:
    """Replace or drop files and make the manifest agree."""
    manifest = json.loads((folder(root) / "manifest.json").read_text())
    for name, content in contents.items():
        if content is None:
            (folder(root) / name).unlink()
            del manifest["files"][name]
        else:
            (folder(root) / name).write_bytes(content)
            manifest["files"][name] = sha256(content)
    (folder(root) / "manifest.json").write_text(json.dumps(manifest))


def test_what_was_written_predicts_what_was_fitted(
    cascade: Cascade, fitted: Fitted, posts: list[Post]
) -> None:
    assert cascade.predict(posts) == fitted.cascade("cilik@1").predict(posts)
    ungated = cascade.predict(posts, gate=False)
    assert ungated == fitted.cascade("cilik@1").predict(posts, gate=False)
    assert len({tuple(p.stance.scores.values()) for p in ungated if p.stance}) > 1


def test_the_encoder_has_a_say_in_stance_and_acts(
    cascade: Cascade, small_root: Path, posts: list[Post]
) -> None:
    words = registry.load(root=small_root)
    assert not np.allclose(cascade.stance.probabilities(posts), words.stance.probabilities(posts))
    assert not np.allclose(cascade.acts.logits(posts), words.acts.logits(posts))


def test_a_citizen_is_never_given_to_the_encoder(
    cascade: Cascade, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    original = EncoderPart.stance_probabilities

    def noted(self: EncoderPart, read: list[Post], linear: np.ndarray) -> np.ndarray:
        asked.extend(post.id for post in read)
        return original(self, read, linear)

    monkeypatch.setattr(EncoderPart, "stance_probabilities", noted)
    predictions = cascade.predict(posts)
    citizens = {p.id for p in predictions if p.asn.label is AsnLabel.NONE}
    assert {post.id for post in posts if "bakso" in post.author.bio} <= citizens
    assert asked
    assert not citizens & set(asked)


def test_a_stack_that_hears_word_counts_alone_tells_what_they_tell(
    fitted: Fitted, posts: list[Post]
) -> None:
    assert fitted.encoder is not None
    part = fitted.encoder.part
    alone = Stack(0.0, 1.0, (0.0, 0.0, 0.0))
    deaf = replace(part, stance=alone, author=Stack(0.0, 1.0, (0.0, 0.0)), acts_weight=0.0)
    cascade = replace(fitted, encoder=replace(fitted.encoder, part=deaf)).cascade("cilik@1")
    words = replace(fitted, encoder=None).cascade("cilik@1")
    raw = words.stance.word_scores(posts)
    plain = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    assert np.allclose(cascade.stance.probabilities(posts), plain)
    assert np.allclose(cascade.acts.logits(posts), words.acts.logits(posts))
    alike = zip(cascade.predict(posts), words.predict(posts), strict=True)
    assert all(p.asn.score == pytest.approx(q.asn.score) for p, q in alike)


def _read_for_the_author(
    cascade: Cascade, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Ids of the posts whose text the encoder read to tell who speaks."""
    read: set[str] = set()
    original = EncoderPart.asn_probabilities

    def noted(self: EncoderPart, asked: list[Post], p_asn: np.ndarray) -> np.ndarray:
        read.update(post.id for post in asked)
        return original(self, asked, p_asn)

    monkeypatch.setattr(EncoderPart, "asn_probabilities", noted)
    cascade.predict(posts)
    return read


def test_who_speaks_is_read_from_the_post_only_where_nothing_else_tells(
    cascade: Cascade, make_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "saya PNS di kantor camat, ikut apel tadi pagi"
    posts = [
        make_post(said, id="hanya-unggahan", bio="suka mancing", name="Sari"),
        make_post(said, id="profil", bio="PNS, guru SDN 3", name="Sari"),
        make_post("rapat di sekolah", id="warga", bio="jualan bakso", name="Sari"),
        make_post("istri saya PNS", id="istri", bio="jualan bakso", name="Sari"),
    ]
    assert _read_for_the_author(cascade, posts, monkeypatch) == {"hanya-unggahan"}


def test_the_encoder_has_a_say_in_who_speaks(
    fitted: Fitted, make_post: Callable[..., Post]
) -> None:
    assert fitted.encoder is not None
    post = make_post("saya PNS di kantor camat", bio="suka mancing", name="Sari")

    def told(shift: float) -> float:
        assert fitted.encoder is not None
        part = replace(fitted.encoder.part, author=Stack(0.0, 1.0, (0.0, shift)))
        cascade = replace(fitted, encoder=replace(fitted.encoder, part=part)).cascade("cilik@1")
        return cascade.predict([post])[0].asn.score

    assert told(-3.0) < told(0.0) < told(3.0) <= 1.0


def test_no_posts_no_rows(cascade: Cascade) -> None:
    assert cascade.predict([]) == []
    assert cascade.stance.probabilities([]).shape == (0, len(STANCES))
    assert cascade.acts.acts([]) == []


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_refused(root: Path, name: str) -> None:
    path = folder(root) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArtifactDamaged, match=name):
        registry.load("cilik@1", root=root)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(root: Path, name: str) -> None:
    (folder(root) / name).unlink()
    with pytest.raises(ArtifactDamaged, match=name):
        registry.load("cilik@1", root=root)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_a_file_the_manifest_does_not_list_either_is_refused(root: Path, name: str) -> None:
    rewrite(root, {name: None})
    with pytest.raises(ArtifactDamaged, match=name):
        registry.load("cilik@1", root=root)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [b"", b"sampah", b"{}", b"[]", b"null", b"\xff\x00", b'{"a": 1}']
)
def test_rubbish_with_the_right_hash_is_refused(root: Path, name: str, content: bytes) -> None:
    rewrite(root, {name: content})
    with pytest.raises(ArtifactDamaged, match="cilik@1"):
        registry.load("cilik@1", root=root)


@pytest.mark.parametrize(
    "change",
    [
        {"stance": {"encoder": 1.0, "linear": 1.0, "shift": [0.0]}},
        {"stance": None},
        {"author": {"encoder": 1.0, "linear": 1.0, "shift": [0.0, 0.0, 0.0]}},
        {"author": {"encoder": -1.0, "linear": 1.0, "shift": [0.0, 0.0]}},
        {"author": None},
        {"acts": None},
        {"acts": ["TERBANG"]},
        {"acts": 3},
        {"acts_weight": "separuh"},
    ],
)
def test_a_description_of_another_shape_is_refused(root: Path, change: dict[str, object]) -> None:
    described = json.loads((folder(root) / "encoder.json").read_text())
    rewrite(root, {"encoder.json": json.dumps(described | change).encode()})
    with pytest.raises(ArtifactDamaged):
        registry.load("cilik@1", root=root)


def test_other_kinds_of_file_stay_refused(root: Path) -> None:
    rewrite(root, {"encoder.pt": b"PK"})
    with pytest.raises(ArtifactUnsupported, match=r"encoder\.pt"):
        registry.load("cilik@1", root=root)


def test_a_description_survives_being_written(fitted: Fitted) -> None:
    assert fitted.encoder is not None
    part = fitted.encoder.part
    again = EncoderPart.from_dict(
        json.loads(json.dumps(part.to_dict())), part.reader, part.entities
    )
    assert again == part


def _imported_after(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    return set(json.loads(told.stdout.splitlines()[-1]))


def test_naming_the_registry_loads_no_heavy_library() -> None:
    heavy = {"onnxruntime", "torch", "tokenizers", "transformers", "sklearn", "onnx"}
    assert not heavy & _imported_after("import models.registry")


def test_serving_an_encoder_needs_no_torch(written: Path) -> None:
    code = (
        "from pathlib import Path\nfrom models.registry import load\n"
        f"load('cilik@1', root=Path({str(written)!r}))"
    )
    imported = _imported_after(code)
    assert {"onnxruntime", "tokenizers"} <= imported
    assert not {"torch", "transformers", "onnx", "sklearn", "training"} & imported
