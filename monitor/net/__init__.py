"""The one guarded way out: every connection Netra opens to another machine goes through here."""

from monitor.errors import (
    AddressRefused,
    NetworkError,
    NetworkTimeout,
    ResponseTooLarge,
    RobotsRefused,
    TooManyRedirects,
    UnexpectedAnswer,
)
from monitor.net.answer import Answer
from monitor.net.client import NetClient
from monitor.net.credentials import Credentials, open_credentials
from monitor.net.options import NetOptions, net_options

__all__ = [
    "AddressRefused",
    "Answer",
    "Credentials",
    "NetClient",
    "NetOptions",
    "NetworkError",
    "NetworkTimeout",
    "ResponseTooLarge",
    "RobotsRefused",
    "TooManyRedirects",
    "UnexpectedAnswer",
    "net_options",
    "open_credentials",
]
