"""The backbone's 250,000 pieces cut to those that Indonesian and its regional languages need.

Three quarters of the backbone are embeddings of other scripts. Rendered posts are lower case and
folded, so pieces with capitals go as well. What a rare word loses is told in smaller pieces.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import Metaspace as MetaspaceDecoder
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from models.encoder.rendering import MARKS
from training.encoder.backbone import Backbone, Tensor

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# What each mark means in words: the mean of their pieces is where its embedding starts.
_MEANINGS = {
    "calon": "kandidat",
    "partai": "partai politik",
    "nomor": "nomor urut",
    "tempat": "daerah",
    "agama": "agama",
    "syukur": "syukur",
    "salam": "salam",
    "sapa": "bapak ibu",
    "akun": "akun",
    "tautan": "tautan",
    "surel": "email",
    "jumlah": "angka",
    "jari": "jari",
    "foto": "foto:",
    "balas": "membalas:",
}
_KIND = re.compile(r"<([a-z]+)\d?>")
_PLAIN_PIECE = re.compile(r"^\u2581?[a-z'-]+$")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The cut vocabulary: a tokenizer and, row by row, the embeddings it starts from."""

    tokenizer: Tokenizer
    embeddings: Tensor


def cut_vocabulary(
    backbone: Backbone, texts: Iterable[str], words: Sequence[str], size: int
) -> Vocabulary:
    """Return a vocabulary of about `size` pieces.

    Kept are: every piece that `texts` (rendered posts) and `words` (a dictionary) need, every
    single character among them, and from the likeliest plain lower-case pieces as many as fit.
    """
    full = build_tokenizer(backbone.pieces)
    counts: Counter[int] = Counter()
    for encoding in full.encode_batch([*texts, *words], add_special_tokens=False):
        counts.update(encoding.ids)
    rows = {piece: row for row, (piece, _) in enumerate(backbone.pieces)}
    characters = {char for row in counts for char in backbone.pieces[row][0]}
    kept = dict.fromkeys(range(len(SPECIAL)))
    kept.update(dict.fromkeys(rows[char] for char in sorted(characters) if char in rows))
    kept.update(dict.fromkeys(row for row, _ in counts.most_common()))
    plain = [r for r, (piece, _) in enumerate(backbone.pieces) if _PLAIN_PIECE.match(piece)]
    # The backbone lists its pieces by falling probability.
    for row in plain:
        if len(kept) >= size:
            break
        kept.setdefault(row)
    order = sorted(list(kept)[: max(size, len(SPECIAL))])
    words_of = backbone.weights["embeddings.word_embeddings.weight"]
    embeddings = words_of[order]
    marks = np.stack([_start_of(mark, full, words_of) for mark in MARKS])
    tokenizer = build_tokenizer([backbone.pieces[row] for row in order], MARKS)
    return Vocabulary(tokenizer, np.concatenate([embeddings, marks]).astype(np.float32))


def build_tokenizer(pieces: Sequence[tuple[str, float]], marks: Sequence[str] = ()) -> Tokenizer:
    """Return the unigram tokenizer of these pieces; `marks` are never split."""
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    tokenizer.normalizer = Normalizers([NFKC()])
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always")
    tokenizer.decoder = MetaspaceDecoder(prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens([AddedToken(mark, lstrip=True, rstrip=True) for mark in marks])
    return tokenizer


def share_unknown(tokenizer: Tokenizer, texts: Iterable[str]) -> float:
    """Return the share of pieces that fall back to the unknown piece."""
    unknown = total = 0
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        unknown += encoding.ids.count(SPECIAL.index("<unk>"))
        total += len(encoding.ids)
    return unknown / max(1, total)


def _start_of(mark: str, full: Tokenizer, embeddings: Tensor) -> Tensor:
    kind = _KIND.fullmatch(mark)
    assert kind is not None
    ids = full.encode(_MEANINGS[kind.group(1)], add_special_tokens=False).ids
    return np.asarray(embeddings[ids].mean(axis=0))
