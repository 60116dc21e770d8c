"""The recurrent block: its formula, its two directions, and steps."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention
from attnframe.bridges import RecurrentBlock
from attnframe.errors import UnsupportedError
from attnframe.masks import Padding


def test_is_its_formula() -> None:
    torch.manual_seed(0)
    block = RecurrentBlock(8, Attention(8, 2, causal=True), cell="gru")
    x = torch.randn(2, 5, 8)
    states = block.recurrence(block.norm(x))
    joined = torch.cat([block.attention(states), states], -1)
    torch.testing.assert_close(block(x), x + torch.tanh(joined @ block.state.combine.weight.T))


@pytest.mark.parametrize("causal", [True, False])
def test_what_is_ahead_is_seen_unless_causal(causal: bool) -> None:
    torch.manual_seed(0)
    block = RecurrentBlock(8, Attention(8, 2, causal=causal))
    x = torch.randn(1, 6, 8)
    changed = x.clone()
    changed[:, 4:] = torch.randn(1, 2, 8)
    assert torch.allclose(block(changed)[:, :4], block(x)[:, :4]) is causal


def test_padding_changes_no_valid_output() -> None:
    torch.manual_seed(0)
    block = RecurrentBlock(8, Attention(8, 2))
    x = torch.randn(1, 4, 8)
    padded = torch.cat([torch.full((1, 2, 8), 1e3), x], 1)
    mask = Padding(torch.arange(6).unsqueeze(0) >= 2)
    torch.testing.assert_close(block(padded, mask=mask)[:, 2:], block(x), atol=1e-5, rtol=1e-5)


def test_steps_equal_the_whole_and_a_crop_is_all_or_nothing() -> None:
    torch.manual_seed(0)
    block = RecurrentBlock(8, Attention(8, 2, causal=True))
    x, order = torch.randn(2, 6, 8), torch.tensor([1, 0, 1])
    cache = block.new_cache(2, 6)
    with torch.no_grad():
        parts = [block(part, cache=cache) for part in x[:, :4].split([2, 1, 1], dim=1)]
        torch.testing.assert_close(torch.cat(parts, 1), block(x[:, :4]))
        assert cache.length == cache.attention.length == 4
        assert cache.nbytes == cache.state.nbytes + cache.attention.nbytes > 0
        with pytest.raises(UnsupportedError, match="must be 0 or 4"):
            cache.crop(3)
        assert cache.attention.length == 4, "a refused crop changes nothing"
        cache.reorder(order)
        torch.testing.assert_close(block(x[order, 4:], cache=cache), block(x)[order, 4:])
        cache.crop(0)
        assert cache.length == cache.attention.length == 0


def test_no_cache_without_causality() -> None:
    with pytest.raises(UnsupportedError, match=r"causal \(Attention\) must be True to decode with a cache"):
        RecurrentBlock(8, Attention(8, 2)).new_cache(1)
