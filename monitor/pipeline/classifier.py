"""The active model, loaded once and kept until the operator chooses another.

When it cannot load, posts wait as *belum dinilai*.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from models import registry
from models.errors import ModelError
from models.post import Post
from models.prediction import Prediction
from monitor.clock import utcnow
from monitor.errors import ModelUnavailable, UnavailableError
from monitor.reference.gazetteer import InstalledGazetteer
from monitor.settings import load_settings

# Loading reads a few megabytes: trying again at every batch would only burn a small machine.
RETRY_AFTER = timedelta(seconds=20)
# How soon a running process notices that the operator chose another model.
NOTICE_AFTER = timedelta(seconds=5)


class Classifier(Protocol):
    """What the pipeline needs of a model."""

    @property
    def model_version(self) -> str: ...

    def predict(self, posts: Sequence[Post], *, gate: bool = True) -> list[Prediction]: ...


class ClassifierHolder:
    """Gives out the classifier to any thread; remembers why it could not be loaded.

    `choice` tells which model the operator chose, asked again every few seconds; without it the
    model stays the one named first.
    """

    def __init__(
        self,
        name_at_version: str = "",
        root: Path | None = None,
        choice: Callable[[], str | None] | None = None,
    ) -> None:
        self._wanted = name_at_version or None
        self._root = root
        self._choice = None if name_at_version else choice
        self._asked_at: datetime | None = None
        self._lock = threading.Lock()
        self._classifier: Classifier | None = None
        self._failed_at: datetime | None = None
        self._error = ""

    @property
    def error(self) -> str:
        return self._error

    @property
    def is_loaded(self) -> bool:
        return self._classifier is not None

    def get(self) -> Classifier:
        """Return the classifier; raise `ModelUnavailable` when it cannot be used right now."""
        with self._lock:
            self._notice_choice()
            if self._classifier is not None:
                return self._classifier
            now = utcnow()
            if self._failed_at is not None and now - self._failed_at < RETRY_AFTER:
                raise ModelUnavailable(self._explained())
            try:
                self._classifier = load_classifier(self._wanted, self._root)
            except ModelError as error:
                self._failed_at, self._error = now, f"{error.title} ({error})"
                raise ModelUnavailable(self._explained()) from error
            self._failed_at, self._error = None, ""
            return self._classifier

    def _notice_choice(self) -> None:
        """Let go of a model that is no longer the chosen one; batches under way keep theirs."""
        now = utcnow()
        if self._choice is None or (self._asked_at and now - self._asked_at < NOTICE_AFTER):
            return
        try:
            wanted = self._choice()
        except UnavailableError as error:
            if self._classifier is None:
                raise ModelUnavailable(f"Pilihan model tidak terbaca. {error.detail}") from error
            return
        self._asked_at = now
        if wanted != self._wanted:
            self._wanted, self._failed_at = wanted, None
            if self._classifier is not None and self._classifier.model_version != wanted:
                self._classifier = None

    def _explained(self) -> str:
        return (
            f"Model tidak dapat dimuat: {self._error}. Unggahan menunggu sebagai belum dinilai."
            " Jalankan `netra model verify` dan `netra doctor`."
        )


def open_classifier(name_at_version: str = "", root: Path | None = None) -> Classifier:
    """Load a classifier for one command; raise `ModelUnavailable` with what to do next."""
    try:
        return load_classifier(name_at_version or None, root)
    except ModelError as error:
        raise ModelUnavailable(
            f"{error.title.capitalize()} ({error})."
            " Lihat `netra model list` dan `netra model verify`."
        ) from error


def load_classifier(name_at_version: str | None, root: Path | None = None) -> Classifier:
    gazetteer = InstalledGazetteer(load_settings().gazetteer_dir)
    return registry.load(name_at_version, gazetteer=gazetteer, root=root)
