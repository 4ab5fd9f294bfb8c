"""The encoder as it comes, not fine-tuned: sentence vectors for the baseline of every report."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder.reader import cut
from training.encoder.backbone import load_backbone
from training.encoder.finetune import half_precision
from training.encoder.items import PAD, padded_length
from training.encoder.network import EncoderNetwork, network_from
from training.encoder.vocabulary import build_tokenizer

_BATCH = 64
# The backbone was trained with this before every short text (model card of multilingual-e5-small).
_PREFIX = "query: "


def embed_texts(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return one vector of length 1 per text, (n texts × hidden). Raises BackboneUnavailable."""
    network, tokenizer = _starting_encoder()
    rows = [cut(e.ids) for e in tokenizer.encode_batch([_PREFIX + t for t in texts])]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    vectors = np.zeros((len(rows), network.shape.hidden), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=half_precision()):
        for first in range(0, len(order), _BATCH):
            group = order[first : first + _BATCH]
            length = padded_length(max(len(rows[i]) for i in group))
            ids = torch.full((len(group), length), PAD)
            for number, i in enumerate(group):
                ids[number, : len(rows[i])] = torch.tensor(rows[i])
            pooled = network.pooled(ids, (ids != PAD).long())
            vectors[group] = torch.nn.functional.normalize(pooled.float(), dim=1).numpy()
    return vectors


@lru_cache(maxsize=1)
def _starting_encoder() -> tuple[EncoderNetwork, Tokenizer]:
    backbone = load_backbone()
    embeddings = backbone.weights["embeddings.word_embeddings.weight"]
    # More rows than pieces: the file pads its table.
    tokenizer = build_tokenizer(backbone.pieces)
    return network_from(backbone, embeddings, acts=1).eval(), tokenizer
