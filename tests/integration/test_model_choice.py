"""A process that runs follows the operator's choice, and never scores with a model let go."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ModelUnavailable, UnavailableError
from monitor.pipeline import classifier
from monitor.pipeline.classifier import ClassifierHolder
from tests.model_clones import clone_models


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(classifier, "NOTICE_AFTER", timedelta(0))
    return clone_models(tmp_path / "models", "uji@1", "uji@2")


class Choice:
    """What the operator chose, or that it cannot be told."""

    def __init__(self, model: str | None) -> None:
        self.model = model
        self.lost = False

    def __call__(self) -> str | None:
        if self.lost:
            raise UnavailableError("Basis data tidak dapat dihubungi.")
        return self.model


def test_the_choice_is_followed_while_running(root: Path) -> None:
    choice = Choice(None)
    holder = ClassifierHolder(root=root, choice=choice)
    shipped = holder.get()
    assert shipped.model_version == "uji@1"
    choice.model = "uji@1"
    assert holder.get() is shipped
    choice.model = "uji@2"
    assert holder.get().model_version == "uji@2"


def test_a_choice_that_cannot_be_loaded_waits_and_is_left_at_once(root: Path) -> None:
    choice = Choice("uji@1")
    holder = ClassifierHolder(root=root, choice=choice)
    holder.get()
    choice.model = "uji@7"
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match="uji@7"):
            holder.get()
    assert not holder.is_loaded
    choice.model = "uji@2"
    assert holder.get().model_version == "uji@2"
    assert holder.error == ""


def test_a_lost_database_keeps_the_model_but_never_guesses_one(root: Path) -> None:
    choice = Choice("uji@2")
    choice.lost = True
    holder = ClassifierHolder(root=root, choice=choice)
    with pytest.raises(ModelUnavailable, match="Pilihan model"):
        holder.get()
    choice.lost = False
    loaded = holder.get()
    choice.lost = True
    assert holder.get() is loaded


def test_a_model_named_by_setting_ignores_the_choice(root: Path) -> None:
    holder = ClassifierHolder("uji@1", root, Choice("uji@2"))
    assert holder.get().model_version == "uji@1"
