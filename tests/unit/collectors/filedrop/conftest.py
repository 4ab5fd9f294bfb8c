"""A source over an empty folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.net import NetClient, NetOptions
from tests.drop_folder import Drop


@pytest.fixture(scope="module")
def net() -> Iterator[NetClient]:
    with NetClient(NetOptions(user_agent="uji")) as client:
        yield client


@pytest.fixture
def drop(tmp_path: Path, net: NetClient) -> Drop:
    return Drop(tmp_path, net)
