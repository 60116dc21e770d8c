"""Recipes of attention over blocks and their summaries: the mixers that they make, and their fields."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixers import CoarseToFineMixer, NativeSparseMixer
from attnframe.errors import ConfigurationError
from attnframe.masks import Window
from attnframe.recipe import hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.block import BlockAttention
from attnframe.recipes.attention.native_sparse import NativeSparseAttention

VARIANTS = (BlockAttention, NativeSparseAttention)


def test_fields_reach_the_mixers() -> None:
    block = BlockAttention(num_heads=2, block=6).build(16).mixer
    assert isinstance(block, CoarseToFineMixer)
    assert block.block == 6
    recipe = NativeSparseAttention(num_heads=4, num_kv_heads=1, block=3, num_selected=5, window=7)
    layer = recipe.build(16, causal=True)
    assert isinstance(layer.mixer, NativeSparseMixer)
    assert (layer.mixer.block, layer.mixer.num_selected) == (3, 5)
    assert layer.mixer.window == Window(7, 0)
    assert layer.num_kv_heads == 1


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("length", [1, 70])
def test_each_recipe_builds_its_layer(variant: type[AttentionVariant], length: int) -> None:
    layer = variant(num_heads=2).build(16, causal=True)
    assert layer(torch.randn(2, length, 16)).shape == (2, length, 16)


@pytest.mark.parametrize("variant", VARIANTS)
def test_docstrings_name_every_field(variant: type[AttentionVariant]) -> None:
    assert all(f"        {field}: " in f"    {variant.__doc__}" for field in hints(variant))


def test_what_native_sparse_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"num_kv_heads.*must divide num_heads=4.*Possible: 1, 2, 4"):
        NativeSparseAttention(num_kv_heads=3)
    with pytest.raises(ConfigurationError, match=r"num_selected.*at least 3"):
        NativeSparseAttention(num_selected=2)


def test_odd_blocks_are_refused_with_even_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"attention.block.*must be even.*Use 6 or 8\."):
        BlockAttention(block=7)
