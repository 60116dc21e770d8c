"""Projections that keys and values share."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention
from attnframe.attention.projections import TiedProjections
from attnframe.errors import ConfigurationError

B, T, S, D, H = 2, 5, 4, 12, 3
X, CONTEXT = torch.randn(B, T, D), torch.randn(B, S, D)


def same(x: torch.Tensor) -> torch.Tensor:
    return x


def test_queries_keys_and_values_are_one() -> None:
    query, key, value = TiedProjections(D, H).project(X, same, False)
    assert query is key
    assert key is value
    assert query.shape == (B, H, T, D // H)


def test_a_rotary_position_leaves_the_values() -> None:
    maps = TiedProjections(D, H)
    query, key, value = maps.project(X, torch.neg, False)
    assert torch.equal(query, -value)
    assert torch.equal(key, -value)
    assert torch.equal(maps.project_context(X, torch.neg, False)[1], value)


def test_queries_may_have_a_map_of_their_own() -> None:
    maps = TiedProjections(D, H, own_query=True, bias=True)
    query, key, value = maps.project(X, same, False)
    assert key is value
    assert not torch.allclose(query, key)
    torch.testing.assert_close(maps.project_query(X, same, False), query)
    torch.testing.assert_close(maps.project_context(X, same, False)[0], key)


@pytest.mark.parametrize("own_query", [False, True])
def test_cross_attention_shares_the_maps_of_self_attention(own_query: bool) -> None:
    maps = TiedProjections(D, H, own_query=own_query)
    layer = Attention(D, H, projections=maps)
    torch.testing.assert_close(layer(X, X), layer(X))
    assert layer(X, CONTEXT).shape == (B, T, D)


def test_a_context_of_its_own_width_has_maps_of_its_own() -> None:
    maps = TiedProjections(D, H, context_dim=D + 1)
    layer = Attention(D, H, context_dim=D + 1, projections=maps)
    assert layer(X, torch.randn(B, S, D + 1)).shape == (B, T, D)


def test_the_output_is_the_heads_side_by_side_and_has_their_width() -> None:
    maps = TiedProjections(D, H, 7, output_bias=True)
    layer = Attention(D, H, projections=maps)
    assert layer(X).shape == (B, T, 21)
    mixed = torch.randn(B, H, T, 7)
    with torch.no_grad():
        maps.output_bias.fill_(2)
    assert torch.equal(maps.output(mixed, False), torch.cat([*mixed.unbind(1)], dim=-1) + 2)


def test_heads_must_divide_the_width_unless_theirs_is_given() -> None:
    message = r"num_heads \(TiedProjections\) must divide dim=12, or head_dim must be given. Got 5. Possible: 1, 2, 3"
    with pytest.raises(ConfigurationError, match=message):
        TiedProjections(D, 5)
    assert Attention(D, 5, projections=TiedProjections(D, 5, 2))(X).shape == (B, T, 10)


def test_the_map_may_be_left_to_whoever_made_the_input() -> None:
    layer = Attention(D, H, projections=TiedProjections(D, H))
    assert isinstance(layer.projections, TiedProjections)
    weight = layer.projections.input_proj.weight.detach()
    before = layer(X)
    assert layer.projections.leave_out_map()
    torch.testing.assert_close(layer(X @ weight.T), before)
    torch.testing.assert_close(layer.projections.project_query(X, same, False), X.view(B, T, H, -1).transpose(1, 2))
    for other in (
        TiedProjections(D, H, own_query=True),
        TiedProjections(D, H, 5),
        TiedProjections(D, H, context_dim=7),
    ):
        assert not other.leave_out_map()
