"""The limits every outgoing request lives under, and where an installation's own come from."""

from dataclasses import dataclass, field

from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class NetOptions:
    """Times are seconds; the proxy's address may hold a password and is therefore never shown."""

    user_agent: str
    proxy: str = field(default="", repr=False)
    # Loopback and the operator's own networks; metadata and reserved addresses stay refused.
    allow_private: bool = False
    connect_timeout: float = 10.0
    # Between two pieces of an answer.
    read_timeout: float = 20.0
    # One request with its redirects and body; waiting for one's turn at a host is not counted.
    total_timeout: float = 60.0
    # Of the body after decompression.
    body_limit: int = 10 * 1024 * 1024
    redirects: int = 5
    # Least time between the starts of two requests to one host, and the longest wait for it.
    per_host_seconds: float = 0.0
    pace_wait: float = 30.0


def net_options(settings: Settings) -> NetOptions:
    """Return the limits with what this installation has set."""
    return NetOptions(
        user_agent=settings.user_agent,
        proxy=settings.proxy,
        allow_private=settings.allow_private_addresses,
    )
