"""What endpoints depend on: the runtime, a transaction per request, and who is asking."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request

from api.auth import authenticate
from monitor.domain import Actor, Scope
from monitor.review.policies import require_scope
from monitor.runtime import Runtime
from monitor.storage import Connection


def get_runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(get_runtime)]


def get_reading(runtime: RuntimeDep) -> Iterator[Connection]:
    with runtime.database.read() as connection:
        yield connection


def get_writing(runtime: RuntimeDep) -> Iterator[Connection]:
    """Commit when the endpoint returns, before the answer is sent; roll back when it raises."""
    with runtime.database.write() as connection:
        yield connection


Reading = Annotated[Connection, Depends(get_reading, scope="function")]
Writing = Annotated[Connection, Depends(get_writing, scope="function")]


def get_actor(request: Request, runtime: RuntimeDep) -> Actor:
    return authenticate(request, runtime)


def actor_with(scope: Scope) -> Callable[[Actor], Actor]:
    def check(actor: Annotated[Actor, Depends(get_actor)]) -> Actor:
        require_scope(actor, scope)
        return actor

    return check


PostsWriter = Annotated[Actor, Depends(actor_with(Scope.POSTS_WRITE))]
CasesReader = Annotated[Actor, Depends(actor_with(Scope.CASES_READ))]
CasesWriter = Annotated[Actor, Depends(actor_with(Scope.CASES_WRITE))]
AlertsReader = Annotated[Actor, Depends(actor_with(Scope.ALERTS_READ))]
