"""Kinds of source and the collector for each, by explicit table; README.md says how to add one."""

from collections.abc import Mapping

from monitor.collectors.base import Collector
from monitor.collectors.sample import SampleCollector
from monitor.errors import ConfigurationError

COLLECTORS: Mapping[str, Collector] = {"sample": SampleCollector()}


def collector_for(kind: str) -> Collector:
    if kind not in COLLECTORS:
        raise ConfigurationError(
            f"Jenis sumber {kind!r} tidak dikenal; pilihan: {', '.join(COLLECTORS)}."
        )
    return COLLECTORS[kind]
