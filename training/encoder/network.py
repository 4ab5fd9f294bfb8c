"""The encoder with its heads: stance (three classes), acts (several at once), who speaks."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn
from transformers import BertConfig, BertModel

from models.encoder.reader import ACTS, AUTHOR, STANCE
from training.encoder.backbone import Backbone, Tensor

HEADS = (STANCE, ACTS, AUTHOR)


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """Sizes of the network; `acts` is the number of acts it tells apart."""

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    acts: int


class Logits(NamedTuple):
    """What the network answers, one row a post."""

    stance: torch.Tensor
    acts: torch.Tensor
    author: torch.Tensor


class EncoderNetwork(nn.Module):
    """BERT layers, the mean over the pieces of a post, and one linear head per question.

    Dropout is kept to the pooled vector: on two cores the random numbers of dropout inside the
    layers cost a quarter of a step, and disturbed texts regularise as well.
    """

    def __init__(self, shape: NetworkShape, dropout: float = 0.1) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=shape.vocabulary,
            hidden_size=shape.hidden,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.feed_forward,
            max_position_embeddings=shape.positions,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.shape = shape
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(dropout)
        self.stance = nn.Linear(shape.hidden, 3)
        self.acts = nn.Linear(shape.hidden, shape.acts)
        self.author = nn.Linear(shape.hidden, 1)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return one vector per piece, (posts × pieces × hidden)."""
        found: torch.Tensor = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return found

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return one vector per post: the mean over its pieces, (posts × hidden)."""
        weights = mask.unsqueeze(-1).to(torch.float32)
        states = self.states(ids, mask).to(torch.float32)
        return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Logits:
        """Return the logits of stance (posts × 3), acts (posts × acts) and author (posts)."""
        vector = self.dropout(self.pooled(ids, mask))
        return Logits(self.stance(vector), self.acts(vector), self.author(vector).squeeze(1))


def network_from(
    backbone: Backbone, embeddings: Tensor, acts: int, seed: int = 0
) -> EncoderNetwork:
    """Return a network with the backbone's layers, the cut embeddings and fresh heads.

    `seed` makes the heads start from the same numbers every time.
    """
    torch.manual_seed(seed)
    shape = NetworkShape(
        vocabulary=len(embeddings),
        hidden=backbone.hidden,
        layers=backbone.layers,
        heads=backbone.heads,
        feed_forward=backbone.feed_forward,
        positions=backbone.positions,
        acts=acts,
    )
    network = EncoderNetwork(shape)
    weights = {name: torch.from_numpy(value.copy()) for name, value in backbone.weights.items()}
    weights["embeddings.word_embeddings.weight"] = torch.from_numpy(embeddings.copy())
    network.bert.load_state_dict(weights)
    return network
