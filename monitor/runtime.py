"""What every process of an installation needs: settings, database, installation key, classifier."""

from dataclasses import dataclass
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from monitor.access.installation_key import load_installation_key
from monitor.clock import utcnow
from monitor.collectors.base import Tools
from monitor.net import NetClient, net_options, open_credentials
from monitor.pipeline.activation import chosen_model
from monitor.pipeline.classifier import ClassifierHolder
from monitor.pipeline.collect import RunContext
from monitor.settings import Settings
from monitor.storage.migrate import migrate
from monitor.storage.unit_of_work import Database


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    database: Database
    key: bytes
    classifier: ClassifierHolder

    @cached_property
    def tools(self) -> Tools:
        """Made when a source is first run: most commands never leave the house."""
        return Tools(
            net=NetClient(net_options(self.settings)),
            credentials=open_credentials(self.settings),
            now=utcnow,
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    @property
    def run_context(self) -> RunContext:
        return RunContext(
            database=self.database,
            key=self.key,
            tools=self.tools,
            zone=self.zone,
        )


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
