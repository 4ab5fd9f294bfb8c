"""Which addresses may be reached: every kind that is not the public internet is refused."""

from ipaddress import ip_address

import pytest

from monitor.net.addresses import Reach, may_be_reached, reach_of

PUBLIC = ["8.8.8.8", "93.184.215.14", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808"]
PRIVATE = ["127.0.0.1", "127.255.0.9", "10.0.0.1", "172.31.0.1", "192.168.1.1", "100.64.0.1"]
PRIVATE_V6 = ["::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.1.1.1", "64:ff9b::7f00:1"]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "192.88.99.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
NEVER_V6 = [
    "::",
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_may_be_reached(text: str) -> None:
    assert may_be_reached(ip_address(text), allow_private=False)


@pytest.mark.parametrize("text", PRIVATE + PRIVATE_V6)
def test_private_addresses_only_where_allowed(text: str) -> None:
    assert reach_of(ip_address(text)) is Reach.PRIVATE
    assert not may_be_reached(ip_address(text), allow_private=False)
    assert may_be_reached(ip_address(text), allow_private=True)


@pytest.mark.parametrize("text", NEVER + NEVER_V6)
def test_metadata_and_reserved_addresses_never(text: str) -> None:
    assert not may_be_reached(ip_address(text), allow_private=True)
