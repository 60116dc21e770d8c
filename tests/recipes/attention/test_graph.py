"""Recipes of attention among neighbours."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixers import SkipMixer, SoftmaxMixer
from attnframe.attention.projections import TiedProjections
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Edges
from attnframe.recipe import hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.gat import GraphAttention
from attnframe.recipes.attention.gatv2 import DynamicGraphAttention
from attnframe.recipes.attention.graph_transformer import GraphTransformerAttention

VARIANTS = [GraphAttention, DynamicGraphAttention, GraphTransformerAttention]
MASK = Edges(torch.tensor([[0, 1, 2], [1, 2, 2]]), 4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_edges_are_the_chosen_backend_where_there_are_any(variant: type[AttentionVariant]) -> None:
    layer = variant(num_heads=2).build(8)
    assert layer.plan(torch.randn(1, 4, 8), mask=MASK).chosen == "edges"
    assert layer.plan(torch.randn(1, 4, 8)).chosen in ("eager", "sdpa")


@pytest.mark.parametrize("variant", VARIANTS)
def test_docstrings_name_every_field(variant: type[AttentionVariant]) -> None:
    assert all(f"        {field}: " in f"    {variant.__doc__}" for field in hints(variant))


@pytest.mark.parametrize("variant", [GraphAttention, DynamicGraphAttention])
def test_scores_that_are_no_dot_product_offer_no_fused_kernel(variant: type[AttentionVariant]) -> None:
    with pytest.raises(ConfigurationError, match=r"attention\.backend \(\w+\) must be .*auto.*eager.*edges"):
        variant(backend="sdpa")
    with pytest.raises(UnsupportedError, match=r"edges is not: the mask is no conjunction with an Edges term"):
        variant(num_heads=2, backend="edges").build(8)(torch.randn(1, 4, 8))


def test_graph_attention_has_one_map_and_two_vectors() -> None:
    layer = GraphAttention(num_heads=2).build(8)
    assert {name: tuple(one.shape) for name, one in layer.named_parameters()} == {
        "mixer.score.query_vector": (2, 4),
        "mixer.score.key_vector": (2, 4),
        "projections.input_proj.weight": (8, 8),
    }


@pytest.mark.parametrize(("tied", "rows"), [(True, 8), (False, 16)])
def test_gatv2_ties_queries_to_keys_on_request(tied: bool, rows: int) -> None:
    layer = DynamicGraphAttention(num_heads=2, tied=tied).build(8)
    assert isinstance(layer.projections, TiedProjections)
    assert layer.projections.input_proj.weight.shape == (rows, 8)


def test_the_slope_and_the_dropout_arrive() -> None:
    for variant in (GraphAttention, DynamicGraphAttention):
        mixer = variant(negative_slope=0.5, dropout=0.25).build(8).mixer
        assert isinstance(mixer, SoftmaxMixer)
        assert (mixer.score.negative_slope, mixer.dropout) == (0.5, 0.25)


def test_the_skip_connection_comes_on_request() -> None:
    assert isinstance(GraphTransformerAttention().build(8).mixer, SoftmaxMixer)
    mixer = GraphTransformerAttention(skip=True, dropout=0.25).build(8).mixer
    assert isinstance(mixer, SkipMixer)
    assert mixer.inner.dropout == 0.25
