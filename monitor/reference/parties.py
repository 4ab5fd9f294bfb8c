"""The party gazetteer as plain data, handed to the classifier and editable without a deploy."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_parties() -> dict[str, Any]:
    return tomllib.loads(files("monitor.reference").joinpath("parties.toml").read_text("utf-8"))
