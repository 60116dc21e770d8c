"""Alignment from cross attention."""

from __future__ import annotations

import pytest
import torch
from attnframe_nlp.alignment.alignment import aligned, cross_layer, weights_of_source

from attnframe.models import Decoder, Encoder, EncoderDecoder
from attnframe.recipes.registry import attention_variants


def network(variant: str, depth: int = 2) -> EncoderDecoder:
    torch.manual_seed(0)
    recipe = attention_variants()[variant].example()
    return EncoderDecoder(Encoder(16, 1, recipe), Decoder(16, depth, recipe, context_dim=16)).eval()


def test_weights_are_shares_of_the_real_source_tokens() -> None:
    valid = torch.tensor([[True] * 5, [True, True, True, False, False]])
    weights = weights_of_source(network("mha"), torch.randn(2, 5, 16), torch.randn(2, 4, 16), valid)
    assert weights is not None
    assert weights.shape == (2, 4, 5)
    torch.testing.assert_close(weights.sum(2), torch.ones(2, 4))
    assert weights[1, :, 3:].abs().sum() == 0


@pytest.mark.parametrize(("depth", "layer"), [(1, 0), (2, 0), (3, 1), (6, 4)])
def test_the_last_layer_but_one_is_read(depth: int, layer: int) -> None:
    assert cross_layer(network("mha", depth)) == f"decoder.blocks.{layer}.cross_attention"


def test_the_rest_of_what_falls_on_the_end_is_shared_out() -> None:
    weights = torch.tensor([[0.2, 0.2, 0.6], [0.1, 0.4, 0.5], [0.3, 0.3, 0.4]])
    found = aligned(weights, ["ein", "Hund"], ["a", "dog"])
    assert found["pairs"] == [["a", "ein", 0.5], ["dog", "Hund", 0.8]]
    assert found["weights"] == [[0.5, 0.5], [0.2, 0.8]]
    assert (found["source"], found["target"]) == (["ein", "Hund"], ["a", "dog"])


def test_nothing_written() -> None:
    assert aligned(torch.ones(1, 3), ["ein"], [])["pairs"] == []
