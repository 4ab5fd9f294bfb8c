"""What a URL must look like before anything is looked up, and how one is shown without secrets."""

import re
from ipaddress import AddressValueError, IPv4Address

import httpx2

from monitor.errors import AddressRefused

_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
# The shorthands of inet_aton: 2130706433, 0x7f.1, 017700000001 all mean 127.0.0.1.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_HOST = 253
# A bot's token stands in the path of Telegram's addresses; so do the keys of many webhooks.
_SECRET_SEGMENT = re.compile(r"(?<=/bot)[0-9]+:[^/]+|(?<=/)[A-Za-z0-9_]{40,}(?=/|$)")
_LONGEST_PATH = 200
_SECRET_PARAMETERS = frozenset(
    [
        "access_token",
        "api_key",
        "apikey",
        "appsecret_proof",
        "auth",
        "client_secret",
        "key",
        "password",
        "refresh_token",
        "secret",
        "sig",
        "signature",
        "token",
    ]
)


def accepted_url(text: str | httpx2.URL) -> httpx2.URL:
    """Return the URL in the form it is sent in, or raise `AddressRefused`."""
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError):
        url = None
    if url is None or url.scheme not in ("http", "https"):
        # What could not be read is not repeated: it may be a token pasted into the wrong field.
        raise AddressRefused("Alamat harus berbentuk http://… atau https://….")
    if url.userinfo:
        raise AddressRefused(
            f"{shown(url)}: nama pengguna dan kata sandi tidak boleh ditulis di dalam alamat."
        )
    if url.port is not None and not 1 <= url.port <= 65535:
        raise AddressRefused(f"Nomor porta {url.port} tidak ada.")
    return url.copy_with(host=_accepted_host(url), fragment=None)


def host_of(url: httpx2.URL) -> str:
    """Return the host as it is looked up: `URL.host` turns "xn--" names back into letters."""
    return url.raw_host.decode("ascii")


def shown(url: httpx2.URL) -> str:
    """Return scheme, host and path, fit for a log or a screen: never a query or a password."""
    path = url.raw_path.partition(b"?")[0].decode("ascii")
    path = _SECRET_SEGMENT.sub("…", path)
    if len(path) > _LONGEST_PATH:
        path = path[:_LONGEST_PATH] + "…"
    return f"{url.scheme}://{url.netloc.decode('ascii')}{path}"


def without_secrets(url: httpx2.URL) -> str:
    """Return the whole URL except the parameters that usually hold a token."""
    for name in {name for name in url.params if name.lower() in _SECRET_PARAMETERS}:
        url = url.copy_remove_param(name)
    return str(url)


def _accepted_host(url: httpx2.URL) -> str:
    host = host_of(url)
    if ":" in host:
        # A zone ("fe80::1%eth0") names one of our own interfaces.
        if "%" in host:
            raise AddressRefused("Alamat IPv6 dengan nama antarmuka tidak diizinkan.")
        return host
    # "example.org." and "example.org" are one host, also to pace and robots.txt.
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("Nama situs di dalam alamat tidak sah.")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            IPv4Address(host)
        except AddressValueError:
            raise AddressRefused(
                "Alamat IP harus ditulis sebagai empat angka desimal, misalnya 93.184.215.14."
            ) from None
    return host
