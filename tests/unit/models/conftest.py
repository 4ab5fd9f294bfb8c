"""A small model, fitted once for all tests of this folder, and posts to ask it about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.artifact import sha256
from models.cascade import Cascade
from models.post import Post, parse_post
from models.registry import load
from training.dataset import read_examples
from training.export import write_artifact
from training.fit import fit

DATA = Path(__file__).parents[3] / "data" / "labeled"


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry root with one artifact, `kecil@1`."""
    root = tmp_path_factory.mktemp("models")
    train = read_examples(DATA / "train.jsonl")[::12]
    fitted = fit(train, read_examples(DATA / "dev.jsonl")[::6])
    folder = root / "artifacts" / "kecil" / "1"
    facts = {"name": "kecil", "version": 1, "description": "untuk uji", "created": "2024-01-01"}
    write_artifact(folder, fitted, facts, metrics={})
    pinned = sha256((folder / "manifest.json").read_bytes())
    (root / "registry.toml").write_text(f'active = "kecil@1"\n[sha256]\n"kecil@1" = "{pinned}"\n')
    return root


@pytest.fixture(scope="session")
def cascade(small_root: Path) -> Cascade:
    """The small model, loaded as the service loads it."""
    return load(root=small_root)


@pytest.fixture
def make_post() -> Callable[..., Post]:
    """Return a function that makes posts, with an author where one is given."""

    def make(text: str, id: str = "1", media_alt: str = "", **author: str) -> Post:
        item: dict[str, object] = {"id": id, "platform": "x", "text": text, "media_alt": media_alt}
        if author:
            item["author"] = author
        return parse_post(item)

    return make
