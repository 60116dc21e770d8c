"""The window around any mixer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.cache import GrowingCache, RecurrentCache, RingCache
from attnframe.attention.layer import Attention
from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, UniformMixer, WindowMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Edges, Full, Mask, Window

Make = Callable[..., Any]


@pytest.mark.parametrize("mask", [Full(), Causal()])
@pytest.mark.parametrize("inner", [SoftmaxMixer(), LinearMixer(), UniformMixer()], ids=lambda one: type(one).__name__)
def test_it_is_the_inner_mixer_under_the_window(make: Make, mask: Mask, inner: Any) -> None:
    query, key, value, call = make(9, mask=mask)
    narrowed = make(9, mask=mask & Window(2, 1))[3]
    mixer = WindowMixer(inner, 2, 1)
    torch.testing.assert_close(mixer(query, key, value, call), inner(query, key, value, narrowed))
    torch.testing.assert_close(
        mixer.weights(query, key, call, slice(3, 5)), inner.weights(query, key, narrowed, slice(3, 5))
    )


def test_a_window_of_four_sees_four_others_and_itself(make: Make) -> None:
    query, key, _, call = make(12, mask=Causal())
    weights = WindowMixer(SoftmaxMixer(), 4, 0).weights(query, key, call, slice(None))
    assert weights[0, 0, 8].nonzero().flatten().tolist() == [4, 5, 6, 7, 8]


def test_two_sequences_and_graphs_are_refused_with_advice(make: Make) -> None:
    mixer = WindowMixer(SoftmaxMixer(), 2, 2)
    with pytest.raises(
        UnsupportedError, match=r"attention \(WindowMixer\) has no meaning between two sequences.*Use attention=mha"
    ):
        mixer(*make(5, cross=True))
    with pytest.raises(
        UnsupportedError, match=r"has no meaning on a graph, whose nodes have no order. Use attention=mha"
    ):
        mixer(*make(5, mask=Edges(torch.tensor([[0], [1]]), 5)))


def test_the_cache_is_a_ring_of_the_window() -> None:
    cache = WindowMixer(SoftmaxMixer(), 7, 0).new_cache(2, None)
    assert isinstance(cache, RingCache)
    assert cache.window == 7
    assert isinstance(WindowMixer(SoftmaxMixer(), None, 3).new_cache(2, None), GrowingCache)


def test_caches_that_keep_too_little_are_not_accepted() -> None:
    mixer = WindowMixer(SoftmaxMixer(), 7, 0)
    assert mixer.accepts(GrowingCache(1))
    assert mixer.accepts(RingCache(1, 7))
    assert not mixer.accepts(RingCache(1, 6))
    assert not mixer.accepts(RecurrentCache(1))


@pytest.mark.parametrize("held", [3, 8])
def test_a_token_sees_its_window_of_a_ring_as_large_or_larger(held: int) -> None:
    torch.manual_seed(0)
    layer = Attention(16, 2, causal=True, mixer=WindowMixer(SoftmaxMixer(), 3, 0)).eval()
    x, cache = torch.randn(1, 12, 16), RingCache(1, held)
    tokens = [layer(one, cache=cache) for one in x.split(1, dim=1)]
    torch.testing.assert_close(torch.cat(tokens, dim=1), layer(x))


def test_a_negative_window_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"Window.left must be a count of other tokens, at least 0"):
        WindowMixer(SoftmaxMixer(), -1, 0)
