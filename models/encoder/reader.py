"""The encoder at work: rendered posts in, logits out, by ONNX Runtime on the processor."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from models.linear import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
MOST_PIECES = 128
_END = 2
STANCE, ACTS, AUTHOR = "stance", "acts", "author"
_MOST_THREADS = 4
# Handing a post to another thread pays from here on.
_FEW = 2


class EncoderReader:
    """Reads rendered texts; keeps no text.

    Its outputs are the logits of stance (support, oppose, none), of the acts in the order of the
    artifact, and of whether the author speaks as a civil servant.
    """

    def __init__(self, graph: bytes, tokenizer: bytes) -> None:
        """Build from the bytes of an artifact. Raises ValueError when they are of another kind."""
        # Imported late: commands without an encoder need not pay for it.
        from tokenizers import Tokenizer

        self._session = _session(graph)
        self.sizes = {out.name: int(out.shape[-1]) for out in self._session.get_outputs()}
        self._pool = ThreadPoolExecutor(min(_MOST_THREADS, _cores()), "encoder")
        try:
            self._tokenizer = Tokenizer.from_buffer(tokenizer)
        except Exception as error:  # the library raises plain Exception
            raise ValueError(f"tokenizer: {error}") from error
        self._try_out()

    def stance_logits(self, texts: Sequence[str]) -> Floats:
        """Return (n texts × 3): support, oppose, none."""
        return self._read(texts, STANCE)

    def act_logits(self, texts: Sequence[str]) -> Floats:
        """Return (n texts × n acts), in the order of the artifact."""
        return self._read(texts, ACTS)

    def author_logits(self, texts: Sequence[str]) -> Floats:
        """Return (n texts): above 0 where the author, by these words, is a civil servant."""
        return np.asarray(self._read(texts, AUTHOR)[:, 0])

    def _read(self, texts: Sequence[str], head: str) -> Floats:
        """Read every text by itself, several at a time.

        Never in one batch: activations are quantised by their range over the whole input, so
        that a post's score would depend on the posts it happens to be read with.
        """
        if not texts:
            return np.zeros((0, self.sizes[head]))
        rows = [cut(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]
        if len(rows) < _FEW:
            return np.stack([self._logits(head, row) for row in rows])
        return np.stack(list(self._pool.map(partial(self._logits, head), rows)))

    def _try_out(self) -> None:
        """Read the last piece once: parts that do not fit fail here, not at somebody's post."""
        last = self._tokenizer.get_vocab_size() - 1
        try:
            found = [self._logits(head, [0, last, _END]) for head in (STANCE, ACTS, AUTHOR)]
        except Exception as error:  # the library's own exceptions have no common base
            raise ValueError(f"encoder and tokenizer do not fit together: {error}") from error
        if not all(np.isfinite(row).all() for row in found):
            raise ValueError("encoder: its scores are not numbers")

    def _logits(self, head: str, row: list[int]) -> Floats:
        ids = np.array([row], dtype=np.int64)
        (logits,) = self._session.run([head], {"ids": ids, "mask": np.ones_like(ids)})
        return np.asarray(logits[0], dtype=np.float64)


def _cores() -> int:
    """Return how many processors this process may use; not every system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _session(graph: bytes) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a post and several posts at once: as fast as batches (measured on two cores).
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own exceptions have no common base
        raise ValueError(f"encoder: {error}") from error


def cut(ids: list[int]) -> list[int]:
    """Return at most `MOST_PIECES` of a post's pieces; the last one always ends it."""
    return ids if len(ids) <= MOST_PIECES else [*ids[: MOST_PIECES - 1], _END]
