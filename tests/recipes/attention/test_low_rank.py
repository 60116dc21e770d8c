"""Recipes of kernel and low-rank attention: the mixers that they make, and their fields."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from attnframe.attention.mixers import CosformerMixer, LinformerMixer, NystromMixer, PerformerMixer
from attnframe.errors import ConfigurationError
from attnframe.recipe import hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.cosformer import CosformerAttention
from attnframe.recipes.attention.linformer import LinformerAttention
from attnframe.recipes.attention.nystrom import NystromAttention
from attnframe.recipes.attention.performer import PerformerAttention

VARIANTS = (CosformerAttention, LinformerAttention, NystromAttention, PerformerAttention)


def test_fields_reach_the_mixers() -> None:
    performer = PerformerAttention(num_heads=2, num_features=5).build(16).mixer
    assert isinstance(performer, PerformerMixer)
    assert performer.directions.shape == (5, 8)
    cosformer = CosformerAttention(max_length=20).build(16).mixer
    assert isinstance(cosformer, CosformerMixer)
    assert cosformer.max_length == 20
    linformer = LinformerAttention(max_length=20, rank=6).build(16).mixer
    assert isinstance(linformer, LinformerMixer)
    assert linformer.key_map.shape == linformer.value_map.shape == (20, 6)
    nystrom = NystromAttention(num_heads=2, num_landmarks=3, iterations=7, kernel_size=5).build(16).mixer
    assert isinstance(nystrom, NystromMixer)
    assert (nystrom.num_landmarks, nystrom.iterations) == (3, 7)
    assert nystrom.filters is not None
    assert nystrom.filters.shape == (2, 5)
    assert NystromAttention(kernel_size=None).build(16).mixer.filters is None


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_recipe_builds_its_layer(variant: type[AttentionVariant]) -> None:
    layer = variant(num_heads=2).build(16)
    assert layer(torch.randn(2, 70, 16)).shape == (2, 70, 16)


@pytest.mark.parametrize("variant", VARIANTS)
def test_docstrings_name_every_field(variant: type[AttentionVariant]) -> None:
    assert all(f"        {field}: " in f"    {variant.__doc__}" for field in hints(variant))


@pytest.mark.parametrize(
    ("variant", "fields"),
    [
        (PerformerAttention, {"num_features": 0}),
        (CosformerAttention, {"max_length": 0}),
        (LinformerAttention, {"max_length": 0, "rank": 0}),
        (NystromAttention, {"num_landmarks": 0, "iterations": 0, "kernel_size": 0}),
    ],
)
def test_sizes_below_one_are_refused(variant: type[AttentionVariant], fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        variant(**fields)
    assert [fault.where for fault in caught.value.faults] == [
        f"attention.{name} ({variant.__name__})" for name in fields
    ]


def test_an_even_convolution_is_refused() -> None:
    said = (
        r"attention.kernel_size \(NystromAttention\) must be odd, to stand around a token. Got 4. Use 3 or 5, or null"
    )
    with pytest.raises(ConfigurationError, match=said):
        NystromAttention(kernel_size=4)
