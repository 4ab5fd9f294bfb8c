"""What every process of an installation needs: settings, database, installation key, classifier."""

from dataclasses import dataclass
from functools import partial

from monitor.access.installation_key import load_installation_key
from monitor.pipeline.activation import chosen_model
from monitor.pipeline.classifier import ClassifierHolder
from monitor.settings import Settings
from monitor.storage.migrate import migrate
from monitor.storage.unit_of_work import Database


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    database: Database
    key: bytes
    classifier: ClassifierHolder


def open_runtime(settings: Settings) -> Runtime:
    """Open the installation, creating and migrating what is missing."""
    database = Database(settings.url)
    migrate(database)
    return Runtime(
        settings=settings,
        database=database,
        key=load_installation_key(settings, database),
        classifier=ClassifierHolder(
            settings.model, settings.model_root, partial(chosen_model, database)
        ),
    )
