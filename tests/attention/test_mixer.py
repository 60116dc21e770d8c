"""What a mixer of a user's own gets for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe import Attention
from attnframe.attention.cache import GrowingCache, RecurrentCache
from attnframe.attention.mixer import Call, Mixer, PositionBias, share_heads
from attnframe.errors import UnsupportedError
from attnframe.masks import Causal, Window, lower
from attnframe.positions import Alibi

Make = Callable[..., Any]


class Nearest(Mixer):
    """The value of the best visible key: a mixer with nothing but `forward`."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        scores = (query @ share_heads(query, key).transpose(-1, -2)).masked_fill(~call.visible(), -1e9)
        best = torch.nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(value.dtype)
        return best @ share_heads(query, value)


def test_forward_alone_is_enough_to_train_and_to_decode() -> None:
    layer, x = Attention(8, 2, causal=True, mixer=Nearest()), torch.randn(2, 6, 8)
    full = layer(x)
    full.sum().backward()
    cache = layer.new_cache(2)
    assert isinstance(cache, GrowingCache)
    steps = [layer(x[:, t : t + 1], cache=cache) for t in range(6)]
    torch.testing.assert_close(torch.cat(steps, dim=1), full)


def test_weights_are_refused_and_the_plan_names_the_mixer(make: Make) -> None:
    query, key, value, call = make(3)
    with pytest.raises(UnsupportedError, match=r"attention \(Nearest\) has no weights to show. Try attention=mha"):
        Nearest().weights(query, key, call, slice(None))
    assert Nearest().plan(query, key, value, call).chosen == "Nearest"


def test_caches_of_its_own_kind_and_whole_pasts_are_accepted() -> None:
    assert Nearest().accepts(GrowingCache(1))
    assert not Nearest().accepts(RecurrentCache(1))


def test_the_mask_is_lowered_for_rows_and_columns(make: Make) -> None:
    call = make(6, mask=Causal() & Window(2, 0))[3]
    whole = lower(call.mask, call.extent)
    assert torch.equal(call.visible(), whole)
    assert torch.equal(call.visible(slice(2, 4)), whole[:, :, 2:4])
    assert torch.equal(call.visible(slice(2, 4), slice(1, 5)), whole[:, :, 2:4, 1:5])


def test_the_bias_is_given_for_rows_columns_and_pairs() -> None:
    positions = torch.tensor([[0, 2, 5], [1, 3, 4]])
    bias = PositionBias(Alibi(4), positions, positions * 2)
    query = torch.zeros(2, 4, 3, 8)
    whole = bias.scores(query)
    assert torch.equal(bias.scores(query[:, :, 1:3], slice(1, 3), slice(0, 2)), whole[:, :, 1:3, 0:2])
    picked = bias.between(
        query[:, :, :1], torch.tensor([[1], [0]]), torch.tensor([[2], [0]]), torch.tensor([[0, 1], [2, 2]])
    )
    torch.testing.assert_close(picked[0, :, 0], whole[1, :, 2, :2])
    torch.testing.assert_close(picked[1, :, 0, 0], whole[0, :, 0, 2])


def test_heads_are_shared_in_torch_order() -> None:
    shared = torch.arange(2.0).view(1, 2, 1, 1)
    query = torch.zeros(1, 6, 1, 1)
    assert share_heads(query, shared).flatten().tolist() == [0, 0, 0, 1, 1, 1]
    assert share_heads(query[:, :2], shared) is shared
