"""The built-in recipes: fields, widths, and the layers that they make."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, UniformMixer, WindowMixer
from attnframe.errors import ConfigurationError
from attnframe.masks import Window
from attnframe.recipe import construct, describe, hints
from attnframe.recipes.attention.gqa import GroupedQueryAttention
from attnframe.recipes.attention.linear import LinearAttention
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.mqa import MultiQueryAttention
from attnframe.recipes.attention.none import NoAttention
from attnframe.recipes.attention.window import WindowAttention

VARIANTS = (
    GroupedQueryAttention,
    LinearAttention,
    MultiHeadAttention,
    MultiQueryAttention,
    NoAttention,
    WindowAttention,
)


@pytest.mark.parametrize(
    ("recipe", "kv_heads", "mixer"),
    [
        (MultiHeadAttention(num_heads=4), 4, SoftmaxMixer),
        (MultiQueryAttention(num_heads=4), 1, SoftmaxMixer),
        (GroupedQueryAttention(num_heads=4, num_kv_heads=2), 2, SoftmaxMixer),
        (WindowAttention(num_heads=4), 4, WindowMixer),
        (LinearAttention(num_heads=4), 4, LinearMixer),
        (NoAttention(num_heads=4), 4, UniformMixer),
    ],
)
def test_each_recipe_builds_its_layer(recipe: Any, kv_heads: int, mixer: type) -> None:
    layer = recipe.build(16, causal=True)
    assert (layer.num_heads, layer.num_kv_heads, layer.causal) == (4, kv_heads, True)
    assert type(layer.mixer) is mixer
    assert layer(torch.randn(2, 5, 16)).shape == (2, 5, 16)
    assert recipe.build(16, context_dim=6).context_dim == 6


def test_grouped_attention_with_all_heads_is_multi_head_and_with_one_multi_query() -> None:
    x = torch.randn(2, 5, 16)
    for kv_heads, other in ((4, MultiHeadAttention()), (1, MultiQueryAttention())):
        torch.manual_seed(0)
        grouped = GroupedQueryAttention(num_kv_heads=kv_heads).build(16)
        torch.manual_seed(0)
        assert torch.equal(grouped(x), other.build(16)(x))


def test_key_value_heads_must_divide_the_heads() -> None:
    said = r"attention.num_kv_heads \(GroupedQueryAttention\) must divide num_heads=8. Got 3. Possible: 1, 2, 4, 8\."
    with pytest.raises(ConfigurationError, match=said):
        GroupedQueryAttention(num_heads=8, num_kv_heads=3)


@pytest.mark.parametrize("variant", VARIANTS)
def test_heads_must_divide_the_width(variant: type[MultiHeadAttention]) -> None:
    (fault,) = variant(num_heads=4).width_faults(18)
    assert str(fault) == (
        f"attention.num_heads ({variant.__name__}) must divide model.dim=18. Got 4. Possible: 1, 2, 3, 6, 9, 18."
    )
    assert not [*variant(num_heads=4).width_faults(16)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_docstrings_name_every_field(variant: type[MultiHeadAttention]) -> None:
    """In the variant itself, or in the base that declares the field."""
    for field in hints(variant):
        told = [cls for cls in variant.__mro__ if field in vars(cls).get("__annotations__", {})] + [variant]
        assert any(f"        {field}: " in f"    {cls.__doc__}" for cls in told), field


@pytest.mark.parametrize(
    ("window", "causal", "own"),
    [(3, True, Window(3, 0)), (3, False, Window(3, 3)), ((4, 1), True, Window(4, 1)), ((4, 1), False, Window(4, 1))],
)
def test_one_number_is_the_window_to_the_left_when_causal_else_on_each_side(
    window: int | tuple[int, int], causal: bool, own: Window
) -> None:
    recipe = WindowAttention(window=window)
    assert recipe.own_mask(causal) == own
    mixer = recipe.build(16, causal=causal).mixer
    assert isinstance(mixer, WindowMixer)
    assert mixer.window == own


def test_the_window_is_a_number_or_two_at_least_0() -> None:
    assert describe(hints(WindowAttention)["window"]) == (
        "an integer at least 0 or a list [an integer at least 0, an integer at least 0]"
    )
    assert construct(WindowAttention, {"window": [4, 0]}).window == (4, 0)
    for wrong in (-1, [3, -1], [1, 2, 3], 2.5, True):
        with pytest.raises(
            ConfigurationError, match=r"attention.window \(WindowAttention\) must be an integer at least 0 or"
        ):
            construct(WindowAttention, {"window": wrong})


def test_dropout_and_backend_are_fields_of_variants_with_scores_only() -> None:
    for variant in VARIANTS:
        scored = variant not in (LinearAttention, NoAttention)
        assert ("dropout" in hints(variant)) == ("backend" in hints(variant)) == scored
    layer = MultiHeadAttention(dropout=0.25, backend="eager").build(16)
    assert (layer.mixer.dropout, layer.mixer.backend) == (0.25, "eager")


def test_the_control_makes_no_queries_and_keys() -> None:
    parameters = sum(one.numel() for one in NoAttention().build(16).parameters())
    assert parameters == 2 * 16 * 16
    assert sum(one.numel() for one in MultiHeadAttention().build(16).parameters()) == 4 * 16 * 16
