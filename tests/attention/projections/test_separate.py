"""Separate projections: norms of queries and keys, and parts that are rotated by themselves."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention
from attnframe.attention.projections import SeparateProjections
from attnframe.errors import ConfigurationError
from attnframe.positions import Rotary

B, T, D, H = 2, 5, 16, 2


def test_queries_and_keys_have_a_root_mean_square_of_one_before_they_are_rotated() -> None:
    maps = SeparateProjections(D, H, qk_norm=True)
    seen = []
    maps.project(torch.randn(B, T, D), lambda x: seen.append(x) or x, False)
    for one in seen:
        torch.testing.assert_close(one.square().mean(-1), torch.ones(B, H, T), rtol=1e-4, atol=1e-4)
    assert len(seen) == 2


def test_each_part_is_rotated_as_a_head_of_its_own() -> None:
    maps = SeparateProjections(D, H, rotary_parts=2)
    plain = SeparateProjections(D, H)
    plain.load_state_dict(maps.state_dict())
    x, turn = torch.randn(B, T, D), Rotary(4)
    positions = torch.arange(T)[None]
    query = maps.project(x, lambda one: turn.rotate(one, positions), False)[0]
    whole = plain.project(x, lambda one: one, False)[0]
    expected = torch.cat([turn.rotate(part, positions) for part in whole.chunk(2, dim=-1)], dim=-1)
    torch.testing.assert_close(query, expected)


def test_projections_replace_the_arguments_that_they_stand_for() -> None:
    maps = SeparateProjections(D, H)
    with pytest.raises(ConfigurationError, match=r"num_heads \(Attention\) must have the heads of its projections, 2"):
        Attention(D, 4, projections=maps)
    with pytest.raises(
        ConfigurationError, match=r"qk_norm \(Attention\) must be left out, because SeparateProjections"
    ):
        Attention(D, H, qk_norm=True, projections=maps)
