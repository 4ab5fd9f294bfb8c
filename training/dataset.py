"""Labelled posts from JSON lines: checked, with gold labels, nothing guessed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from models.errors import PostError
from models.labels import Act, AsnLabel, Stance
from models.post import Post, parse_post
from training.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Gold:
    """Labels of one post by the guide; `asn` is None where the data have no authors."""

    stance: Stance
    asn: AsnLabel | None = None
    other_official: bool = False
    acts: tuple[Act, ...] = ()
    targets: tuple[str, ...] = ()
    lang: str = ""

    @property
    def partisan(self) -> bool:
        """True when the post takes sides."""
        return self.stance is not Stance.NONE

    @property
    def flag(self) -> bool:
        """True when the post takes sides and its author shows to be ASN."""
        return self.partisan and self.asn in (AsnLabel.EXPLICIT, AsnLabel.LIKELY)


@dataclass(frozen=True, slots=True)
class Example:
    """A post with its gold labels; `weight` in (0, 1] is how sure its reader was."""

    post: Post
    gold: Gold
    meta: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 1.0
    real: bool = False


def read_examples(path: Path, *, real: bool = False) -> list[Example]:
    """Read a file of labelled posts.

    `real` marks posts by real people, of which an artifact may hold only what is frequent.
    Raises DatasetError naming file, line and reason.
    """
    return list(_iter_examples(path, real))


def _iter_examples(path: Path, real: bool) -> Iterator[Example]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DatasetError(f"{path.name}: {error.strerror}") from error
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            example = _example(orjson.loads(line), real)
        except (ValueError, KeyError, TypeError, PostError) as error:
            raise DatasetError(f"{path.name}, line {number}: {error}") from error
        key = (example.post.platform, example.post.id)
        if key in seen:
            raise DatasetError(f"{path.name}, line {number}: {example.post.id} occurs twice")
        seen.add(key)
        yield example


def _example(item: dict[str, Any], real: bool) -> Example:
    gold = item["gold"]
    asn = gold.get("asn")
    labels = Gold(
        stance=Stance(gold["stance"]),
        asn=None if asn is None else AsnLabel(asn),
        other_official=bool(gold.get("other_official", False)),
        acts=tuple(Act(name) for name in gold.get("acts", ())),
        targets=tuple(str(name) for name in gold.get("targets", ())),
        lang=str(gold.get("lang", "")),
    )
    flag = gold.get("flag")
    if flag is not None and asn is not None and bool(flag) != labels.flag:
        raise ValueError("gold.flag does not follow from gold.stance and gold.asn")
    weight = float(item.get("sure", 1.0))
    return Example(parse_post(item), labels, item.get("meta") or {}, max(0.05, weight), real)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a data file, for the manifest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
