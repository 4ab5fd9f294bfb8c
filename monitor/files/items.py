"""What every reader yields."""

from dataclasses import dataclass
from typing import Any

LINE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One thing read: a decoded value, or the reason why it could not be decoded."""

    line: int
    value: Any
    error: str = ""
