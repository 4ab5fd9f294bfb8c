"""Labelled posts as what the network is trained on: rendered text, question, answer, weight."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from models.encoder.reader import MOST_PIECES, cut
from models.encoder.rendering import render
from models.labels import Act, Stance
from models.stance.judge import STANCES
from models.stance.mask import Entities
from training.dataset import Example
from training.encoder.augment import AugmentPlan, augmented

PAD = 1
OUR_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Item:
    """One post: `stance` is a class number, `acts` one flag per act or None where not known.

    `author` is 1 where the words alone show a civil servant to speak, 0 where they name the civil
    service and another speaks, None where that is not asked. `weight` is that of the stance.
    """

    text: str
    stance: int
    acts: tuple[float, ...] | None = None
    weight: float = 1.0
    author: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; a post whose acts or author are not asked has that weight 0."""

    ids: torch.Tensor
    mask: torch.Tensor
    stance: torch.Tensor
    weight: torch.Tensor
    acts: torch.Tensor
    acts_weight: torch.Tensor
    author: torch.Tensor
    author_weight: torch.Tensor


def items_of(
    examples: Sequence[Example],
    entities: Entities,
    acts: Sequence[Act],
    speakers: Mapping[str, bool] | None = None,
) -> list[Item]:
    """Return the posts as the network reads them, with the weight each has in the loss.

    A written post with an author is what the model is for; a real post without one is background.
    `speakers` tells, by id, of which posts it is asked whether a civil servant speaks.
    """
    speakers = speakers or {}
    mixed = any(example.real for example in examples)
    items: list[Item] = []
    for example in examples:
        gold = example.gold
        known_acts = None
        if not example.real and gold.flag:
            known_acts = tuple(float(act in gold.acts) for act in acts)
        items.append(
            Item(
                render(example.post, entities),
                stance=STANCES.index(Stance(gold.stance)),
                acts=known_acts,
                weight=example.weight if example.real or not mixed else OUR_WEIGHT,
                author=None if example.real else _answer(speakers.get(example.post.id)),
            )
        )
    return items


def talk_items(about: Sequence[Example], entities: Entities) -> list[Item]:
    """Return posts that speak of civil servants; nobody has read which side they take."""
    unread = STANCES.index(Stance.NONE)
    return [
        Item(render(example.post, entities), unread, weight=0.0, author=0.0) for example in about
    ]


def _answer(speaks: bool | None) -> float | None:
    return None if speaks is None else float(speaks)


def batches(
    items: Sequence[Item],
    tokenizer: Tokenizer,
    size: int,
    acts: int,
    *,
    seed: int | None = None,
    plan: AugmentPlan | None = None,
) -> Iterator[Batch]:
    """Yield batches of posts of like length; shuffled and disturbed when `seed` is given.

    The same seed gives the same batches, so that a run can be taken up where it was cut off.
    """
    chance = random.Random(seed)  # noqa: S311  # reproducible noise, not a secret
    texts = [item.text for item in items]
    if plan is not None:
        texts = [augmented(text, chance, plan) for text in texts]
    rows = [cut(encoding.ids) for encoding in tokenizer.encode_batch(texts)]
    order = list(range(len(items)))
    if seed is not None:
        # Like lengths together, yet in another company every time.
        order.sort(key=lambda i: len(rows[i]) * (0.85 + 0.3 * chance.random()))
    else:
        order.sort(key=lambda i: len(rows[i]))
    groups = [order[first : first + size] for first in range(0, len(order), size)]
    if seed is not None:
        chance.shuffle(groups)
    for group in groups:
        yield collate([items[i] for i in group], [rows[i] for i in group], acts)


def by_length(items: Sequence[Item], tokenizer: Tokenizer) -> list[int]:
    """Return the places of items in the order in which `batches` without a seed yields them."""
    rows = tokenizer.encode_batch([item.text for item in items])
    lengths = [min(len(row.ids), MOST_PIECES) for row in rows]
    return sorted(range(len(items)), key=lengths.__getitem__)


def padded_length(pieces: int) -> int:
    """Return the next multiple of eight: every new shape costs the compiling of its kernels."""
    return -(-pieces // 8) * 8


def collate(items: Sequence[Item], rows: Sequence[Sequence[int]], acts: int) -> Batch:
    """Pad the rows to one length and stack the answers."""
    ids = torch.full((len(rows), padded_length(max(len(row) for row in rows))), PAD)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    none = (0.0,) * acts
    return Batch(
        ids=ids,
        mask=(ids != PAD).long(),
        stance=torch.tensor([item.stance for item in items]),
        weight=torch.tensor([item.weight for item in items]),
        acts=torch.tensor([item.acts or none for item in items]),
        acts_weight=torch.tensor([float(item.acts is not None) for item in items]),
        author=torch.tensor([item.author or 0.0 for item in items]),
        author_weight=torch.tensor([float(item.author is not None) for item in items]),
    )
