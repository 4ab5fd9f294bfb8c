"""Splits that depend on nothing but a post's id: the same post always falls on the same side."""

import hashlib
from collections.abc import Sequence

from training.dataset import Example


def part_of(post_id: str, parts: int) -> int:
    """Return the part, 0 to parts - 1, that a post id belongs to."""
    digest = hashlib.sha256(post_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % parts


def hold_out(
    examples: Sequence[Example], parts: int, held: int = 0
) -> tuple[list[Example], list[Example]]:
    """Split into (kept, held out): part `held` of `parts` is held out."""
    kept = [e for e in examples if part_of(e.post.id, parts) != held]
    out = [e for e in examples if part_of(e.post.id, parts) == held]
    return kept, out
