"""The active model, loaded once and kept; when it cannot load, posts wait as *belum dinilai*."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from models import registry
from models.errors import ModelError
from models.post import Post
from models.prediction import Prediction
from models.targets import Gazetteer
from monitor.clock import utcnow
from monitor.errors import ModelUnavailable
from monitor.reference.parties import load_parties

# Loading reads a few megabytes: trying again at every batch would only burn a small machine.
RETRY_AFTER = timedelta(seconds=20)


class Classifier(Protocol):
    """What the pipeline needs of a model."""

    @property
    def model_version(self) -> str: ...

    def predict(self, posts: Sequence[Post], *, gate: bool = True) -> list[Prediction]: ...


class ClassifierHolder:
    """Gives out the classifier to any thread; remembers why it could not be loaded."""

    def __init__(self, name_at_version: str = "", root: Path | None = None) -> None:
        self._wanted = name_at_version or None
        self._root = root
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
    return registry.load(name_at_version, gazetteer=Gazetteer.from_dict(load_parties()), root=root)
