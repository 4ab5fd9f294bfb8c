"""The public door as a source: its posts come in with each report, so there is nothing to fetch."""

from collections.abc import Iterator

from monitor.collectors.base import Cursor, Kind, Page
from monitor.domain import Source


class PublicCollector:
    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        return iter(())


PUBLIC = Kind(
    name="public",
    title="Laporan masyarakat",
    platform="",
    build=lambda tools: PublicCollector(),
)
