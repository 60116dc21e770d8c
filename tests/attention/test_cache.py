"""What caches hold, grow to, forget and refuse."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.attention.cache import GrowingCache, RecurrentCache, RingCache, StaticCache
from attnframe.errors import ConfigurationError, UnsupportedError


def _tokens(first: int, count: int, batch: int = 2) -> Tensor:
    """Keys (B, 1, count, 2) that tell batch row and position."""
    row = torch.arange(batch).view(-1, 1, 1, 1).expand(-1, 1, count, 1)
    position = torch.arange(first, first + count).view(1, 1, -1, 1).expand(batch, 1, -1, 1)
    return torch.cat([row, position], dim=-1).float()


def test_a_growing_cache_holds_everything_in_order() -> None:
    cache = GrowingCache(2)
    for first, count in ((0, 3), (3, 1), (4, 70)):
        seen = cache.append(_tokens(first, count), -_tokens(first, count))
    assert torch.equal(seen.key, _tokens(0, 74))
    assert torch.equal(seen.value, -_tokens(0, 74))
    assert cache.length == 74
    assert torch.equal(cache.state["key"], seen.key)


def test_a_growing_cache_doubles_instead_of_growing_by_steps() -> None:
    cache, sizes = GrowingCache(1), set()
    for position in range(200):
        cache.append(_tokens(position, 1, 1), _tokens(position, 1, 1))
        sizes.add(cache.nbytes)
    per_token = 2 * 2 * 4
    assert sizes == {64 * per_token, 128 * per_token, 256 * per_token}


def test_a_preallocated_cache_never_moves_and_refuses_more() -> None:
    cache = GrowingCache(1, max_length=5)
    first = cache.append(_tokens(0, 1, 1), _tokens(0, 1, 1)).key.data_ptr()
    assert cache.append(_tokens(1, 4, 1), _tokens(1, 4, 1)).key.data_ptr() == first
    with pytest.raises(
        ConfigurationError, match=r"max_length \(GrowingCache\) must be at least the 6 tokens given. Got 5"
    ):
        cache.append(_tokens(5, 1, 1), _tokens(5, 1, 1))
    assert cache.length == 5


def test_no_gradient_flows_into_a_cache() -> None:
    key = _tokens(0, 2).requires_grad_()
    for cache in (GrowingCache(2), RingCache(2, 4), StaticCache(2)):
        assert not cache.append(key, key).key.requires_grad


@pytest.mark.parametrize("steps", [(1,) * 9, (4, 5), (9,), (2, 1, 6)])
def test_a_ring_shows_the_window_and_the_new_tokens_at_their_positions(steps: tuple[int, ...]) -> None:
    window, cache, first = 3, RingCache(2, 3), 0
    for count in steps:
        seen = cache.append(_tokens(first, count), _tokens(first, count))
        assert seen.key_positions is not None
        assert torch.equal(seen.key[0, 0, :, 1].long(), seen.key_positions)
        assert sorted(seen.key_positions.tolist()) == list(range(max(0, first - window), first + count))
        assert seen.start == first
        first += count
    assert torch.equal(cache.state["key"], _tokens(5, 4))


def test_a_ring_takes_constant_memory() -> None:
    cache = RingCache(1, 3)
    cache.append(_tokens(0, 1, 1), _tokens(0, 1, 1))
    before = cache.nbytes
    cache.append(_tokens(1, 500, 1), _tokens(1, 500, 1))
    assert cache.nbytes == before == 2 * 4 * 2 * 4


def test_a_ring_crops_one_token_and_no_more_once_the_past_is_overwritten() -> None:
    cache = RingCache(1, 3)
    cache.append(_tokens(0, 10, 1), _tokens(0, 10, 1))
    with pytest.raises(UnsupportedError, match=r"must be at least 9, because a window of 3 keeps no older past. Got 8"):
        cache.crop(8)
    cache.crop(9)
    seen = cache.append(_tokens(9, 1, 1), _tokens(9, 1, 1))
    assert sorted(seen.key[0, 0, :, 1].tolist()) == [6, 7, 8, 9]


def test_a_ring_that_is_not_full_crops_freely() -> None:
    cache = RingCache(1, 5)
    cache.append(_tokens(0, 6, 1), _tokens(0, 6, 1))
    cache.crop(2)
    seen = cache.append(_tokens(2, 1, 1), _tokens(2, 1, 1))
    assert seen.key[0, 0, :, 1].tolist() == [0, 1, 2]


def test_a_recurrent_cache_shows_the_new_tokens_only() -> None:
    cache = RecurrentCache(2)
    cache.append(_tokens(0, 4), _tokens(0, 4))
    seen = cache.append(_tokens(4, 2), _tokens(4, 2))
    assert torch.equal(seen.key, _tokens(4, 2))
    assert seen.start == 4
    assert seen.key_positions is not None
    assert seen.key_positions.tolist() == [4, 5]


def test_a_recurrent_cache_forgets_all_or_nothing() -> None:
    cache = RecurrentCache(2)
    cache.append(_tokens(0, 4), _tokens(0, 4))
    cache.write(sums=torch.ones(2, 3))
    with pytest.raises(UnsupportedError, match="must be 0 or 4, because a recurrent state cannot forget single tokens"):
        cache.crop(3)
    cache.crop(4)
    assert cache.state
    cache.crop(0)
    assert not cache.state
    assert cache.length == 0


def test_a_recurrent_cache_keeps_no_larger_tensor_alive() -> None:
    cache = RecurrentCache(1)
    cache.write(sums=torch.zeros(1, 1000)[:, -1:])
    assert cache.nbytes == 4


def test_a_static_cache_takes_one_context() -> None:
    cache = StaticCache(2)
    cache.append(_tokens(0, 4), _tokens(0, 4))
    with pytest.raises(ConfigurationError, match=r"cache \(StaticCache\) must be empty to take in a context"):
        cache.append(_tokens(0, 4), _tokens(0, 4))
    with pytest.raises(UnsupportedError, match="must be 0 or 4, because a context is kept whole"):
        cache.crop(1)
    cache.crop(0)
    assert cache.length == 0
    assert cache.nbytes == 0


@pytest.mark.parametrize("differentiable", [False, True])
def test_gradients_flow_through_a_static_cache_that_is_told_so(differentiable: bool) -> None:
    key, value = (_tokens(0, 4).requires_grad_() for _ in range(2))
    seen = StaticCache(2, differentiable=differentiable).append(key, value)
    assert seen.key.requires_grad is seen.value.requires_grad is differentiable


@pytest.mark.parametrize("cache", [GrowingCache(2), RingCache(2, 9), StaticCache(2)])
def test_reorder_moves_rows_and_changes_their_number(cache: GrowingCache | RingCache | StaticCache) -> None:
    cache.append(_tokens(0, 3), _tokens(0, 3), torch.arange(3).unsqueeze(0) + torch.tensor([[0], [10]]))
    cache.reorder(torch.tensor([1, 1, 0]))
    assert cache.state["key"][:, 0, 0, 0].tolist() == [1, 1, 0]
    if not isinstance(cache, StaticCache):
        seen = cache.append(_tokens(3, 1, 3), _tokens(3, 1, 3), torch.zeros(3, 1, dtype=torch.long))
        assert seen.bias_positions is not None
        assert seen.bias_positions[:, 0].tolist() == [10, 10, 0]


@pytest.mark.parametrize("cache", [GrowingCache(1), RingCache(1, 2), RecurrentCache(1), StaticCache(1)])
def test_crop_beyond_what_is_held_is_refused(cache: GrowingCache) -> None:
    cache.append(_tokens(0, 2, 1), _tokens(0, 2, 1))
    with pytest.raises(ConfigurationError, match=r"must be from 0 to the 2 tokens held. Got 3"):
        cache.crop(3)


def test_a_static_cache_copies_nothing_when_all_stay_in_place() -> None:
    cache = StaticCache(3)
    seen = cache.append(torch.randn(3, 2, 4, 8), torch.randn(3, 2, 4, 8))
    cache.reorder(torch.arange(3))
    assert cache.seen is seen
    cache.reorder(torch.arange(2))
    assert torch.equal(cache.state["key"], seen.key[:2])
