"""Figures and tables of the model card: Indonesian numbers, Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any


def figure(item: Mapping[str, Any] | None, digits: int = 3) -> str:
    """Return a value with its interval, "0,912 [0,889–0,934]"; a dash where nothing is known."""
    if not item or item.get("value") is None:
        return "–"
    value, low, high = (f"{item[name]:.{digits}f}" for name in ("value", "low", "high"))
    # A dash before a minus sign reads badly: differences are written out.
    span = f"{low} sampai {high}" if item["low"] < 0 else f"{low}–{high}"
    return f"{value} [{span}]".replace(".", ",").replace("-", "−")


def count(value: float) -> str:
    """Return a number with Indonesian marks: 1.299 or 0,0075."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return f"{value:,.4g}".replace(",", " ").replace(".", ",")


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a Markdown table; empty without rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
