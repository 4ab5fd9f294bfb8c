"""Who sends a public report: an address on the network, or a partner's key."""

from typing import Annotated

from fastapi import Depends, Request

from api.auth import authenticate, bearer_token
from api.deps import RuntimeDep
from monitor.domain import Scope
from monitor.pipeline.report_limits import Sender
from monitor.pipeline.report_marks import sender_of_address
from monitor.review.policies import require_scope


def address_of(request: Request) -> str:
    """Return the address as the server saw it; behind a proxy of this machine, the one it names."""
    return sender_of_address(request.client.host if request.client else "")


def get_sender(request: Request, runtime: RuntimeDep) -> Sender:
    """A key that is sent must be good; without one everybody may report."""
    if not bearer_token(request):
        return Sender(f"address:{address_of(request)}")
    actor = authenticate(request, runtime)
    require_scope(actor, Scope.POSTS_WRITE)
    return Sender(f"key:{actor.name}", partner=True)


SenderDep = Annotated[Sender, Depends(get_sender)]
