"""No silent negative: what cannot be scored waits, is visible, and is scored later."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from models.post import Post
from models.prediction import Prediction
from models.registry import default_root
from monitor.pipeline.classifier import Classifier, ClassifierHolder
from monitor.pipeline.classify import new_claim, score_claimed, score_waiting
from monitor.pipeline.ingest import ingest
from monitor.runtime import Runtime
from monitor.storage.posts import Backlog, backlog
from tests.builders import make_neutral_asn_post, make_post
from tests.clock import moved_on
from tests.steps import queue, score_all, take_in


def waiting(runtime: Runtime) -> Backlog:
    with runtime.database.read() as connection:
        return backlog(connection)


def copy_models(root: Path) -> None:
    shutil.copytree(default_root() / "artifacts", root / "artifacts")
    shutil.copy(default_root() / "registry.toml", root)


@pytest.fixture
def damaged(runtime: Runtime, tmp_path: Path) -> tuple[Runtime, Path]:
    """The installation with a copy of the model whose weights were changed by one byte."""
    root = tmp_path / "models"
    copy_models(root)
    weights = sorted(root.rglob("*.npz"))
    for path in weights:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    return replace(runtime, classifier=ClassifierHolder(root=root)), root


def test_posts_wait_while_the_model_is_damaged_and_are_scored_when_it_is_back(
    damaged: tuple[Runtime, Path],
) -> None:
    runtime, root = damaged
    take_in(runtime, make_post(), make_neutral_asn_post())
    outcome = score_waiting(runtime.database, runtime.classifier, runtime.key)
    assert not outcome.available
    assert waiting(runtime).pending == 2
    assert queue(runtime) == []
    with TestClient(create_app(runtime)) as client:
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"]["model"]["ok"] is False
        assert "netra_posts_pending 2.0" in client.get("/metrics").text
    shutil.rmtree(root)
    copy_models(root)
    with moved_on(seconds=30):
        assert score_all(runtime) == 1
    assert waiting(runtime).pending == 0


def test_one_post_that_breaks_the_model_does_not_hold_up_the_others(runtime: Runtime) -> None:
    bad = make_post()
    broken = replace(runtime, classifier=_Holder(_BreaksOn(runtime.classifier.get(), bad["id"])))
    take_in(broken, make_post(), bad, make_post())
    assert score_all(broken) == 2
    state = waiting(broken)
    assert (state.pending, state.failing) == (1, 1)
    assert state.last_error == "ValueError"
    with moved_on(minutes=5):
        assert score_all(runtime) == 1
    assert waiting(runtime).pending == 0


def test_a_dead_workers_posts_are_taken_over(runtime: Runtime) -> None:
    with runtime.database.write() as connection:
        ingest(connection, [make_post()], key=runtime.key, claim=new_claim())
    assert score_all(runtime) == 0
    with moved_on(seconds=61):
        assert score_all(runtime) == 1


def test_a_late_worker_cannot_store_over_the_one_that_took_over(runtime: Runtime) -> None:
    claim = new_claim()
    with runtime.database.write() as connection:
        ingest(connection, [make_post()], key=runtime.key, claim=claim)
    with moved_on(seconds=61):
        assert score_all(runtime) == 1
    late = score_claimed(runtime.database, runtime.classifier, runtime.key, claim.token)
    assert late.scored == 0
    assert len(queue(runtime)) == 1


class _BreaksOn:
    """A classifier that raises for one post, as a bug in a model would."""

    def __init__(self, classifier: Classifier, post_id: str) -> None:
        self._classifier = classifier
        self._post_id = post_id

    @property
    def model_version(self) -> str:
        return self._classifier.model_version

    def predict(self, posts: Sequence[Post], *, gate: bool = True) -> list[Prediction]:
        if any(post.id == self._post_id for post in posts):
            raise ValueError("broken on purpose")
        return self._classifier.predict(posts, gate=gate)


class _Holder(ClassifierHolder):
    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self._classifier = classifier
