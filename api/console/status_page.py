"""How the watch itself is doing: model, backlog, sources, counts. Silence must not look clean."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from api.console.render import render
from api.console.routing import SessionDep, console_router
from api.console.wording import COUNTS, STATUSES, named
from api.deps import Reading, RuntimeDep
from monitor.clock import utcnow
from monitor.domain import Source
from monitor.errors import ModelUnavailable
from monitor.runtime import Runtime
from monitor.storage.cases import count_by_status
from monitor.storage.counts import sum_counts
from monitor.storage.posts import backlog
from monitor.storage.sources import list_sources

# A run may be queued behind another; only later than this is it shown as late.
_PATIENCE = timedelta(minutes=2)

router = console_router()


@dataclass(frozen=True, slots=True)
class Model:
    version: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """One line of the funnel or of the cases: real and sample apart."""

    name: str
    real: int
    sample: int


@router.get("/status")
def show_status(
    request: Request, runtime: RuntimeDep, session: SessionDep, connection: Reading
) -> Response:
    return render(
        request,
        "status.html",
        session=session,
        model=_model(runtime),
        backlog=backlog(connection),
        sources=[(source, _is_late(source)) for source in list_sources(connection)],
        funnel=_numbers(sum_counts(connection), sum_counts(connection, sample=True), COUNTS),
        cases=_cases(count_by_status(connection)),
    )


def _model(runtime: Runtime) -> Model:
    try:
        return Model(version=runtime.classifier.get().model_version)
    except ModelUnavailable as error:
        return Model(error=error.detail)


def _is_late(source: Source) -> bool:
    return (
        source.status == "active"
        and source.due_at is not None
        and source.due_at < utcnow() - _PATIENCE
    )


def _cases(counted: dict[tuple[str, bool], int]) -> list[Numbers]:
    real = {status: n for (status, sample), n in counted.items() if not sample}
    samples = {status: n for (status, sample), n in counted.items() if sample}
    return [line for line in _numbers(real, samples, STATUSES) if line.real or line.sample]


def _numbers(real: dict[str, int], samples: dict[str, int], names: dict[str, str]) -> list[Numbers]:
    keys = list(names) + sorted((real.keys() | samples.keys()) - names.keys())
    return [Numbers(named(names, key), real.get(key, 0), samples.get(key, 0)) for key in keys]
