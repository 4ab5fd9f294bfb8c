"""Numbers for Prometheus, read from the database at scrape time: right after any restart."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.clock import utcnow
from monitor.domain import Source
from monitor.errors import UnavailableError
from monitor.pipeline.source_alarms import AlarmKind
from monitor.runtime import Runtime
from monitor.storage.alerts import last_seq
from monitor.storage.cases import count_by_status
from monitor.storage.counts import sum_counts
from monitor.storage.posts import backlog
from monitor.storage.source_alarms import count_open
from monitor.storage.sources import list_sources


class InstallationCollector(Collector):
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterable[Metric]:
        yield _gauge("netra_model_loaded", "1 bila model siap", self._runtime.classifier.is_loaded)
        try:
            with self._runtime.database.read() as connection:
                waiting = backlog(connection)
                counts, statuses = sum_counts(connection), count_by_status(connection)
                seq = last_seq(connection)
                alarms, sources = count_open(connection), list_sources(connection)
        except UnavailableError:
            yield _gauge("netra_database_up", "1 bila basis data terjangkau", False)
            return
        yield _gauge("netra_database_up", "1 bila basis data terjangkau", True)
        yield _gauge("netra_posts_pending", "Unggahan belum dinilai", waiting.pending)
        yield _gauge("netra_posts_failing", "Unggahan yang gagal dinilai", waiting.failing)
        age = (utcnow() - waiting.oldest).total_seconds() if waiting.oldest else 0
        yield _gauge("netra_posts_pending_oldest_seconds", "Umur penantian terlama", age)
        yield _gauge("netra_alerts_last_seq", "Nomor peringatan terakhir", seq)
        yield _by_name(counts)
        yield _by_status(statuses)
        yield _by_alarm(alarms)
        yield _since_success(sources, utcnow())


def registry_for(runtime: Runtime) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(InstallationCollector(runtime))
    return registry


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(value))


def _by_name(counts: dict[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily("netra_posts", "Unggahan menurut nasibnya", labels=["outcome"])
    for name, n in counts.items():
        family.add_metric([name], n)
    return family


def _by_status(statuses: dict[tuple[str, bool], int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("netra_cases", "Kasus nyata menurut status", labels=["status"])
    for (status, sample), n in statuses.items():
        if not sample:
            family.add_metric([status], n)
    return family


def _by_alarm(alarms: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "netra_source_alarms", "Peringatan sumber yang terbuka", labels=["kind"]
    )
    # A kind without alarms is told as 0: a rule on a series that is absent never fires.
    for kind in sorted({str(kind) for kind in AlarmKind} | alarms.keys()):
        family.add_metric([kind], alarms.get(kind, 0))
    return family


def _since_success(sources: list[Source], now: datetime) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "netra_source_seconds_since_success",
        "Detik sejak sumber aktif terakhir menjawab",
        labels=["source"],
    )
    for source in sources:
        if source.status == "active" and not source.sample:
            answered = source.last_run_at or source.created_at
            family.add_metric([source.name], (now - answered).total_seconds())
    return family
