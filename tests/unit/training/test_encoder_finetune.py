"""Fine-tuning: learns, stops where it is killed, and goes on as if it had not been."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.encoder_builders import WORDS, tiny_network, tiny_tokenizer
from training.encoder.finetune import Finetuning, multitask_loss, stance_logits, validate
from training.encoder.items import Item, batches
from training.encoder.network import EncoderNetwork
from training.encoder.plan import FinetunePlan

PLAN = FinetunePlan(epochs=3, batch=8, rate=2e-3, head_rate=1e-2, average=0.8, save_every=2)
SIDES = ("dukung", "tolak", "rapat")
ITEMS = [
    Item(f"{SIDES[i % 3]} {['ayo', 'kita', 'menang'][i // 3 % 3]}", stance=i % 3) for i in range(36)
]
DEV = [Item(f"{word} kita", stance=side) for side, word in enumerate(SIDES)]


class Killed(Exception):
    """Stands for the process ending between two steps."""


def _quiet(_step: str) -> None:
    """Say nothing."""


def _killed_in(epoch: int) -> Callable[[str], None]:
    def progress(step: str) -> None:
        if step.startswith(f"melatih {epoch}/"):
            raise Killed

    return progress


def _run(
    work: Path,
    *,
    items: list[Item] = ITEMS,
    plan: FinetunePlan = PLAN,
    progress: Callable[[str], None] = _quiet,
    seed: int = 1,
) -> tuple[EncoderNetwork, Finetuning]:
    network = tiny_network(1, seed=seed, spread=1.0)
    run = Finetuning(network, tiny_tokenizer(), plan, work, progress)
    return run.run(items, DEV), run


def _same(one: EncoderNetwork, other: EncoderNetwork) -> bool:
    found = other.state_dict()
    return all(torch.equal(value, found[name]) for name, value in one.state_dict().items())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[EncoderNetwork, Finetuning]:
    return _run(tmp_path_factory.mktemp("utuh"))


@pytest.mark.parametrize("epoch", [2, 3])
def test_a_killed_run_ends_as_an_unbroken_one(
    whole: tuple[EncoderNetwork, Finetuning], tmp_path: Path, epoch: int
) -> None:
    with pytest.raises(Killed):
        _run(tmp_path, progress=_killed_in(epoch))
    network, run = _run(tmp_path)
    assert _same(network, whole[0])
    assert run.history == whole[1].history
    assert len(run.history) == PLAN.epochs


def test_a_run_killed_in_the_middle_of_an_epoch_goes_on_there(
    whole: tuple[EncoderNetwork, Finetuning], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    original = Finetuning._step

    def counted(self: Finetuning, batch: object, done: int, total: int) -> None:
        if len(steps) == 9:
            raise Killed
        steps.append(done)
        original(self, batch, done, total)  # type: ignore[arg-type]

    monkeypatch.setattr(Finetuning, "_step", counted)
    with pytest.raises(Killed):
        _run(tmp_path)
    monkeypatch.setattr(Finetuning, "_step", original)
    network, _ = _run(tmp_path)
    assert _same(network, whole[0])


def test_a_finished_run_is_not_trained_again(
    whole: tuple[EncoderNetwork, Finetuning], tmp_path: Path
) -> None:
    _run(tmp_path)
    told: list[str] = []
    network, _ = _run(tmp_path, progress=told.append)
    assert told == []
    assert _same(network, whole[0])


@pytest.mark.parametrize(
    ("items", "plan"),
    [
        (ITEMS[:-1], PLAN),
        ([*ITEMS[:-1], replace(ITEMS[-1], acts=(1.0,))], PLAN),
        ([*ITEMS[:-1], replace(ITEMS[-1], weight=0.5)], PLAN),
        ([*ITEMS[:-1], replace(ITEMS[-1], author=1.0)], PLAN),
        (ITEMS, replace(PLAN, rate=1e-3)),
        (ITEMS, replace(PLAN, epochs=1)),
    ],
)
def test_another_run_leaves_a_foreign_checkpoint_unread(
    tmp_path: Path, items: list[Item], plan: FinetunePlan
) -> None:
    _run(tmp_path / "satu")
    after, run = _run(tmp_path / "satu", items=items, plan=plan)
    fresh, _ = _run(tmp_path / "dua", items=items, plan=plan)
    assert _same(after, fresh)
    assert len(run.history) == plan.epochs


def test_the_loss_falls_and_the_sides_are_learnt(tmp_path: Path) -> None:
    plan = replace(PLAN, epochs=12)
    before, (batch, *_) = tiny_network(1, spread=1.0), batches(ITEMS, tiny_tokenizer(), 64, 1)
    network, run = _run(tmp_path, plan=plan)
    network.eval()
    with torch.no_grad():
        assert multitask_loss(network, batch, plan) < 0.85 * multitask_loss(before, batch, plan)
    assert validate(network, tiny_tokenizer(), DEV) == 1.0
    assert max(epoch["stance_macro_f1"] for epoch in run.history) == 1.0


def _taught(network: EncoderNetwork, items: list[Item], head: str) -> bool:
    """Whether one step over the items would move the weights of a head."""
    (batch,) = batches(items, tiny_tokenizer(), 8, 2)
    multitask_loss(network, batch, PLAN).backward()  # type: ignore[no-untyped-call]
    gradient = network.get_submodule(head).get_parameter("weight").grad
    assert gradient is not None
    return bool(torch.count_nonzero(gradient))


def test_acts_that_are_not_known_teach_nothing() -> None:
    items = [Item("ayo", stance=1), Item("guru", stance=2)]
    assert not _taught(tiny_network(2), items, "acts")
    assert _taught(tiny_network(2), items, "stance")


def test_known_acts_teach_even_where_a_post_shows_none_of_them() -> None:
    assert _taught(tiny_network(2), [Item("ayo", stance=0, acts=(0.0, 0.0))], "acts")


def test_who_speaks_is_taught_only_where_it_is_asked() -> None:
    asked = Item("guru", stance=2, author=0.0)
    assert not _taught(tiny_network(2), [replace(asked, author=None)], "author")
    assert _taught(tiny_network(2), [asked], "author")


def test_a_batch_of_nothing_but_unread_stances_teaches_who_speaks_alone() -> None:
    unread = [Item("kita guru", stance=2, weight=0.0, author=answer) for answer in (0.0, 1.0)]
    assert _taught(tiny_network(2), unread, "author")
    assert not _taught(tiny_network(2), unread, "stance")


def test_logits_come_in_the_order_of_the_items() -> None:
    network, tokenizer = tiny_network(2), tiny_tokenizer()
    items = [Item("ayo " * (1 + 37 * i % 150) + WORDS[i], stance=0) for i in range(9)]
    together = stance_logits(network, tokenizer, items)
    alone = np.concatenate([stance_logits(network, tokenizer, [item]) for item in items])
    # A processor that multiplies in half precision rounds by the shape of the batch.
    near = 0.1 * float(alone.std(axis=0).mean())
    assert np.abs(together - alone).max() < near


def test_batches_hold_every_item_once_and_repeat_with_their_seed() -> None:
    def read(seed: int | None) -> list[tuple[int, ...]]:
        found = batches(ITEMS, tiny_tokenizer(), 8, 1, seed=seed)
        return [tuple(row.tolist()) for batch in found for row in batch.ids]

    assert read(5) == read(5)
    assert read(5) != read(6)

    def bare(rows: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        return sorted(tuple(piece for piece in row if piece != 1) for row in rows)

    assert bare(read(5)) == bare(read(6)) == bare(read(None))
    assert len(read(5)) == len(ITEMS)
