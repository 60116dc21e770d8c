"""A sparse pattern around any mixer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.cache import GrowingCache, RecurrentCache
from attnframe.attention.mixers import LinearMixer, PatternMixer, SoftmaxMixer, UniformMixer
from attnframe.errors import UnsupportedError
from attnframe.masks import Causal, Dilated, Edges, Full, Global, Mask, Padding, Window

Make = Callable[..., Any]


@pytest.mark.parametrize("mask", [Full(), Causal()])
@pytest.mark.parametrize("inner", [SoftmaxMixer(), LinearMixer(), UniformMixer()], ids=lambda one: type(one).__name__)
def test_it_is_the_inner_mixer_under_the_pattern(make: Make, mask: Mask, inner: Any) -> None:
    pattern = Window(1, 1) | Global(2)
    query, key, value, call = make(9, mask=mask)
    narrowed = make(9, mask=mask & pattern)[3]
    mixer = PatternMixer(inner, pattern)
    torch.testing.assert_close(mixer(query, key, value, call), inner(query, key, value, narrowed))
    torch.testing.assert_close(
        mixer.weights(query, key, call, slice(3, 5)), inner.weights(query, key, narrowed, slice(3, 5))
    )


def test_global_tokens_are_the_first_real_ones(make: Make) -> None:
    valid = torch.arange(6).expand(2, -1) >= torch.tensor([[2], [0]])
    query, key, _, call = make(6, mask=Padding(valid))
    weights = PatternMixer(SoftmaxMixer(), Window(0, 0) | Global(1)).weights(query, key, call, slice(None))
    assert [row.nonzero().flatten().tolist() for row in weights[:, 0, 5]] == [[2, 5], [0, 5]]


def test_scores_are_those_under_the_pattern(make: Make) -> None:
    query, key, _, call = make(6)
    scores = PatternMixer(SoftmaxMixer(), Dilated(1, 0, 2)).scores(query, key, call, slice(3, 4))
    assert scores[0, 0, 0].isfinite().nonzero().flatten().tolist() == [1, 3]


def test_two_sequences_and_graphs_are_refused_with_advice(make: Make) -> None:
    mixer = PatternMixer(SoftmaxMixer(), Dilated(2, 2, 2))
    with pytest.raises(
        UnsupportedError, match=r"attention \(PatternMixer\) has no meaning between two sequences.*Use attention=mha"
    ):
        mixer(*make(5, cross=True))
    with pytest.raises(UnsupportedError, match=r"has no meaning on a graph, whose nodes have no order"):
        mixer(*make(5, mask=Edges(torch.tensor([[0], [1]]), 5)))


def test_the_cache_is_that_of_the_inner_mixer() -> None:
    assert isinstance(PatternMixer(SoftmaxMixer(), Dilated(2, 0, 2)).new_cache(2, None), GrowingCache)
    mixer = PatternMixer(UniformMixer(), Dilated(2, 0, 2))
    assert isinstance(mixer.new_cache(2, None), RecurrentCache)
    assert mixer.accepts(RecurrentCache(1))
