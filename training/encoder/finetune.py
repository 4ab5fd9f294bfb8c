"""Fine-tuning: all heads at once, layer-wise learning rates, the best epoch kept, resumable."""

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training.encoder.augment import AugmentPlan
from training.encoder.items import Batch, Item, batches, by_length
from training.encoder.network import EncoderNetwork, Logits
from training.encoder.plan import FinetunePlan

Progress = Callable[[str], None]


@dataclass
class _State:
    """Where a run stands: what a checkpoint holds."""

    epoch: int = 0
    step: int = 0
    best: float = -1.0
    seconds: float = 0.0


class Finetuning:
    """One run. `work` keeps a checkpoint, so that a killed run goes on where it was."""

    def __init__(
        self,
        network: EncoderNetwork,
        tokenizer: Tokenizer,
        plan: FinetunePlan,
        work: Path,
        progress: Progress,
    ) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self._plan = plan
        self._path = work / "finetune.pt"
        self._progress = progress
        self._state = _State()
        self._run_of = ""
        self._started = time.monotonic()
        self.earlier_seconds = 0.0
        self._optimizer = torch.optim.AdamW(
            _parameter_groups(network, plan), weight_decay=plan.weight_decay, fused=True
        )
        self._average = {k: v.detach().clone() for k, v in network.state_dict().items()}
        self._best = self._average
        self.history: list[dict[str, float]] = []

    @property
    def seconds(self) -> float:
        """How long the run took, over all processes it was taken up in."""
        return self._state.seconds

    def run(self, items: Sequence[Item], dev: Sequence[Item]) -> EncoderNetwork:
        """Train and return the network with the averaged weights of the best epoch on `dev`."""
        plan = self._plan
        self._run_of = self._fingerprint(items, dev)
        self._resume()
        state = self._state
        steps = math.ceil(len(items) / plan.batch)
        clock = _Clock(state.epoch * steps + state.step, steps * plan.epochs)
        while state.epoch < plan.epochs:
            stream = batches(
                items,
                self._tokenizer,
                plan.batch,
                self._network.shape.acts,
                seed=plan.seed + state.epoch,
                plan=AugmentPlan(),
            )
            for number, batch in enumerate(stream):
                if number < state.step:
                    continue
                done = state.epoch * steps + number
                self._step(batch, done, steps * plan.epochs)
                state.step = number + 1
                if number % 10 == 0:
                    left = clock.minutes_left(done + 1)
                    self._progress(
                        f"melatih {state.epoch + 1}/{plan.epochs}, langkah {number + 1}/{steps}, "
                        f"sisa sekitar {left:.0f} menit"
                    )
                if state.step % plan.save_every == 0:
                    self._save()
            self._end_of_epoch(dev)
        self._network.load_state_dict(self._best)
        return self._network

    def _fingerprint(self, items: Sequence[Item], dev: Sequence[Item]) -> str:
        """Return what a checkpoint must agree in: posts, plan, pieces, starting weights."""
        digest = hashlib.sha256(repr((asdict(self._plan), asdict(AugmentPlan()))).encode())
        digest.update(self._tokenizer.to_str().encode())
        for item in (*items, *dev):
            digest.update(repr(item).encode("utf-8", "surrogatepass"))
        for value in self._network.state_dict().values():
            digest.update(value.numpy().tobytes())
        return digest.hexdigest()

    def _step(self, batch: Batch, done: int, total: int) -> None:
        plan = self._plan
        factor = _schedule(done / total, plan.warmup)
        # Dropout of a step depends on nothing but the step: a resumed run repeats what was lost.
        torch.manual_seed(plan.seed + done)
        for group in self._optimizer.param_groups:
            group["lr"] = group["full_rate"] * factor
        self._network.train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half_precision()):
            loss = multitask_loss(self._network, batch, plan)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._follow(done)

    def _follow(self, done: int) -> None:
        """Move the average of the weights a little towards the present ones (Polyak)."""
        keep = min(self._plan.average, (1 + done) / (10 + done))
        with torch.no_grad():
            for name, value in self._network.state_dict().items():
                if value.is_floating_point():
                    self._average[name].lerp_(value, 1.0 - keep)

    def _end_of_epoch(self, dev: Sequence[Item]) -> None:
        state = self._state
        present = {k: v.detach().clone() for k, v in self._network.state_dict().items()}
        self._network.load_state_dict(self._average)
        score = validate(self._network, self._tokenizer, dev)
        self.history.append({"epoch": state.epoch + 1.0, "stance_macro_f1": round(score, 4)})
        if score > state.best:
            state.best = score
            self._best = {k: v.clone() for k, v in self._average.items()}
        self._network.load_state_dict(present)
        state.epoch += 1
        state.step = 0
        self._save()

    def _save(self) -> None:
        self._state.seconds = time.monotonic() - self._started
        path = self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        held = {
            "run": self._run_of,
            "network": self._network.state_dict(),
            "average": self._average,
            "best": self._best,
            "optimizer": self._optimizer.state_dict(),
            "state": asdict(self._state),
            "history": self.history,
        }
        torch.save(held, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def _resume(self) -> None:
        """Take up a run of the same posts and plan; any other checkpoint is left unread."""
        if not self._path.exists():
            return
        held: dict[str, Any] = torch.load(self._path, weights_only=True)
        if held["run"] != self._run_of:
            return
        self._network.load_state_dict(held["network"])
        self._optimizer.load_state_dict(held["optimizer"])
        self._average, self._best = held["average"], held["best"]
        self._state = _State(**held["state"])
        self._started = time.monotonic() - self._state.seconds
        self.earlier_seconds = self._state.seconds
        self.history = held["history"]


@dataclass(frozen=True, slots=True)
class _Clock:
    """How long the rest will take, by what the steps since the start of this process took."""

    first: int
    total: int
    started: float = field(default_factory=time.monotonic)

    def minutes_left(self, done: int) -> float:
        spent = time.monotonic() - self.started
        return spent / max(1, done - self.first) * (self.total - done) / 60


def multitask_loss(network: EncoderNetwork, batch: Batch, plan: FinetunePlan) -> torch.Tensor:
    """Return the weighed losses of stance, acts and author over one batch."""
    told: Logits = network(batch.ids, batch.mask)
    stance_loss = functional.cross_entropy(
        told.stance.float(), batch.stance, reduction="none", label_smoothing=plan.smoothing
    )
    acts_loss = functional.binary_cross_entropy_with_logits(
        told.acts.float(), batch.acts, reduction="none"
    ).sum(1)
    author_loss = functional.binary_cross_entropy_with_logits(
        told.author.float(), batch.author, reduction="none"
    )
    share = plan.acts_share * (acts_loss * batch.acts_weight).sum()
    share = share + plan.author_share * (author_loss * batch.author_weight).sum()
    # A batch may hold nothing but posts whose stance nobody has read.
    return ((stance_loss * batch.weight).sum() + share) / batch.weight.sum().clamp(min=1.0)


def stance_logits(
    network: EncoderNetwork, tokenizer: Tokenizer, items: Sequence[Item]
) -> NDArray[np.float32]:
    """Return the stance logits in the order of `items`, (n × 3)."""
    network.eval()
    order = by_length(items, tokenizer)
    rows: list[NDArray[np.float32]] = []
    stream = batches([items[i] for i in order], tokenizer, 64, network.shape.acts)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=half_precision()):
        for batch in stream:
            rows.extend(network(batch.ids, batch.mask).stance.float().numpy())
    found = np.zeros((len(items), 3), dtype=np.float32)
    found[order] = np.stack(rows)
    return found


def validate(network: EncoderNetwork, tokenizer: Tokenizer, items: Sequence[Item]) -> float:
    """Return the macro F1 of stance on held-out items, weighted as in training."""
    told = stance_logits(network, tokenizer, items).argmax(1)
    weights = [item.weight for item in items]
    gold = [item.stance for item in items]
    return float(f1_score(gold, told, average="macro", sample_weight=weights))


@cache
def half_precision() -> bool:
    """Tell whether this processor multiplies bf16 itself; without that it would be slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _schedule(position: float, warmup: float) -> float:
    if position < warmup:
        return position / warmup
    return max(0.0, (1.0 - position) / (1.0 - warmup))


def _parameter_groups(network: EncoderNetwork, plan: FinetunePlan) -> list[dict[str, Any]]:
    """Lower layers hold what every text needs, upper ones what the question needs."""
    top = network.shape.layers
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not name.startswith("bert."):
            rate = plan.head_rate
        elif name.startswith("bert.encoder.layer."):
            layer = int(name.split(".")[3])
            rate = plan.rate * plan.decay ** (top - 1 - layer)
        else:
            rate = plan.rate * plan.decay**top
        groups.setdefault(rate, []).append(parameter)
    return [{"params": found, "lr": rate, "full_rate": rate} for rate, found in groups.items()]
