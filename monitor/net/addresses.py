"""Which IP addresses may be reached: the public internet, and private ones only where allowed.

Written out after the IANA special-purpose registries: `ipaddress.is_global` differs between
Python versions and takes multicast, NAT64 and 6to4 for public.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address


class Reach(Enum):
    PUBLIC = "public"
    # The operator's own machines and networks.
    PRIVATE = "private"
    # Cloud metadata, link-local, multicast, reserved, tunnels: no source is ever there.
    NEVER = "never"


_PRIVATE_V4 = [
    IPv4Network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
    )
]
_NEVER_V4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # "this host": Linux connects it to loopback
        "100.100.100.200/32",  # metadata, Alibaba
        "168.63.129.16/32",  # platform address, Azure
        "169.254.0.0/16",  # link-local, metadata of most clouds
        "192.0.0.0/24",  # protocol assignments; metadata, Oracle
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = [IPv6Network("::1/128"), IPv6Network("fc00::/7")]
_NEVER_V6 = [
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address through a tunnel
        "3fff::/20",
        "fd00:c1::/32",  # metadata, Oracle
        "fd00:ec2::/32",  # metadata, Amazon
        "fd20:ce::/32",  # metadata, Google
    )
]


def reach_of(address: IPAddress) -> Reach:
    if isinstance(address, IPv4Address):
        return _sorted(address, _NEVER_V4, _PRIVATE_V4, Reach.PUBLIC)
    if address in _MAPPED or address in _NAT64:
        # The packet arrives at the IPv4 address in the last 32 bits: that one counts.
        return reach_of(IPv4Address(int(address) & 0xFFFFFFFF))
    other = Reach.PUBLIC if address in _GLOBAL_V6 else Reach.NEVER
    return _sorted(address, _NEVER_V6, _PRIVATE_V6, other)


def may_be_reached(address: IPAddress, *, allow_private: bool) -> bool:
    reach = reach_of(address)
    return reach is Reach.PUBLIC or (reach is Reach.PRIVATE and allow_private)


def _sorted(
    address: IPAddress,
    never: list[IPv4Network] | list[IPv6Network],
    private: list[IPv4Network] | list[IPv6Network],
    other: Reach,
) -> Reach:
    if any(address in network for network in never):
        return Reach.NEVER
    return Reach.PRIVATE if any(address in network for network in private) else other
