"""Numbers for Prometheus, read from the database at scrape time: right after any restart."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.clock import utcnow
from monitor.errors import UnavailableError
from monitor.runtime import Runtime
from monitor.storage.alerts import last_seq
from monitor.storage.cases import count_by_status
from monitor.storage.counts import sum_counts
from monitor.storage.posts import backlog


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
