"""The int8 graph says what the network says, and reads a post alike whatever is padded on."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.encoder.reader import MOST_PIECES, EncoderReader
from models.linear import Floats
from tests.encoder_builders import WORDS, tiny_backbone, tiny_graph, tiny_network, tiny_tokenizer
from training.encoder.export_onnx import quantised
from training.encoder.network import EncoderNetwork, network_from

ACTS = 4
CHANCE = np.random.default_rng(8)
TEXTS = [" ".join(CHANCE.choice(WORDS, size=int(n))) for n in CHANCE.integers(1, 60, 40)]


@cache
def network() -> EncoderNetwork:
    return tiny_network(ACTS)


@cache
def reader() -> EncoderReader:
    return EncoderReader(tiny_graph(network()), tiny_tokenizer().to_str().encode())


def heads_of(texts: list[str]) -> list[Floats]:
    read = reader()
    return [read.stance_logits(texts), read.act_logits(texts), read.author_logits(texts)]


def _ids(text: str) -> torch.Tensor:
    return torch.tensor([tiny_tokenizer().encode(text).ids])


def test_the_graph_gives_nearly_the_logits_of_the_network() -> None:
    with torch.no_grad():
        each = [network()(ids, torch.ones_like(ids)) for ids in map(_ids, TEXTS)]
    expected = [torch.cat(list(rows)).numpy() for rows in zip(*each, strict=True)]
    for told, wanted in zip(heads_of(TEXTS), expected, strict=True):
        assert told.shape == wanted.shape
        spread = float(wanted.std(axis=0).mean())
        assert spread > 0.1, "the texts must differ for the comparison to mean anything"
        assert float(np.abs(told - wanted).mean()) < 0.1 * spread
        assert np.corrcoef(told.ravel(), wanted.ravel())[0, 1] > 0.99


def test_another_network_gives_other_logits() -> None:
    other = EncoderReader(
        tiny_graph(tiny_network(ACTS, seed=2)), tiny_tokenizer().to_str().encode()
    )
    assert float(np.abs(other.stance_logits(TEXTS) - reader().stance_logits(TEXTS)).mean()) > 0.1


def _session() -> Any:
    return onnxruntime.InferenceSession(tiny_graph(network()), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("padding", [1, 8, 40])
def test_padding_moves_logits_by_no_more_than_rounding(padding: int) -> None:
    session = _session()
    ids = np.array([tiny_tokenizer().encode(TEXTS[0]).ids])
    longer = np.concatenate([ids, np.ones((1, padding), dtype=np.int64)], axis=1)
    mask = (np.arange(longer.shape[1]) < ids.shape[1]).astype(np.int64)[None, :]
    (alone,) = session.run(["stance"], {"ids": ids, "mask": np.ones_like(ids)})
    (padded,) = session.run(["stance"], {"ids": longer, "mask": mask})
    spread = reader().stance_logits(TEXTS).std(axis=0).mean()
    assert float(np.abs(alone - padded).max()) < 0.15 * spread


@given(company=st.lists(st.sampled_from(TEXTS), max_size=20), place=st.integers(0, 20))
@settings(deadline=None, max_examples=40)
def test_a_post_is_read_alike_in_any_company(company: list[str], place: int) -> None:
    text = TEXTS[7]
    place = min(place, len(company))
    for told, alone in zip(
        heads_of([*company[:place], text, *company[place:]]), heads_of([text]), strict=True
    ):
        assert np.array_equal(told[place], alone[0])


def test_threads_that_read_at_once_do_not_mix_up_posts() -> None:
    expected = reader().stance_logits(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for told in pool.map(lambda _: reader().stance_logits(TEXTS), range(8)):
            assert np.array_equal(told, expected)


def test_a_long_post_is_cut_and_read_by_its_beginning() -> None:
    # The last place that is read holds the end sign.
    begin = "ayo " * (MOST_PIECES - 2)
    told = reader().stance_logits([begin + "tolak " * 500, begin + "guru " * 9_000, begin])
    assert np.allclose(told[0], told[1])
    assert np.allclose(told[0], told[2])


def test_an_empty_text_is_read() -> None:
    assert np.isfinite(reader().stance_logits([""])).all()


@pytest.mark.parametrize(("largest", "axis"), [(63, 0), (127, 1)])
def test_quantising_errs_by_half_a_step_at_most(largest: int, axis: int) -> None:
    matrix = np.random.default_rng(1).normal(size=(24, 16)).astype(np.float32)
    matrix[3, :] = 0.0
    matrix[:, 5] = 0.0
    whole, scale = quantised(matrix, largest, axis)
    assert whole.dtype == np.int8
    assert int(np.abs(whole).max()) == largest
    steps = np.expand_dims(scale, axis)
    assert float(np.abs(whole * steps - matrix).max()) <= float(scale.max()) / 2 + 1e-6
    assert not whole[:, 5].any()


@pytest.mark.parametrize("graph", [b"", b"bukan graf", tiny_graph(tiny_network())[:-200]])
def test_a_graph_of_another_kind_is_a_value_error(graph: bytes) -> None:
    with pytest.raises(ValueError, match="encoder"):
        EncoderReader(graph, tiny_tokenizer().to_str().encode())


@pytest.mark.parametrize("tokenizer", [b"", b"{}", b"\xff\xfe", b"[1, 2]"])
def test_a_tokenizer_of_another_kind_is_a_value_error(tokenizer: bytes) -> None:
    with pytest.raises(ValueError, match="tokenizer"):
        EncoderReader(tiny_graph(network()), tokenizer)


def test_a_network_starts_from_every_weight_of_the_backbone() -> None:
    backbone = tiny_backbone()
    embeddings = np.full((50, backbone.hidden), 0.25, dtype=np.float32)
    found = network_from(backbone, embeddings, ACTS).state_dict()
    for name, value in backbone.weights.items():
        wanted = embeddings if name == "embeddings.word_embeddings.weight" else value
        assert np.array_equal(found[f"bert.{name}"].numpy(), wanted), name
    assert found["acts.weight"].shape == (ACTS, backbone.hidden)


def test_what_is_padded_on_does_not_reach_the_pooled_vector() -> None:
    ids = _ids("tolak rapat")
    longer = torch.cat([ids, torch.full((1, 9), 7)], dim=1)
    mask = (torch.arange(longer.shape[1]) < ids.shape[1]).long()[None, :]
    with torch.no_grad():
        alone = network().pooled(ids, torch.ones_like(ids))
        padded = network().pooled(longer, mask)
    assert torch.allclose(alone, padded, atol=1e-4)
