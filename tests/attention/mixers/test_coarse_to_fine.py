"""Coarse-to-fine attention: exactness where it holds, padding and holes, shared heads, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from attnframe.attention.mixer import share_heads
from attnframe.attention.mixers import CoarseToFineMixer, SoftmaxMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Full, Mask, Padding, Window

Make = Callable[..., Any]
MASKS = [Full(), Causal()]


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("length", [1, 3, 8])
def test_two_blocks_get_softmax_attention(make: Make, mask: Mask, length: int) -> None:
    query, key, value, call = make(length, mask=mask)
    mixer = CoarseToFineMixer(4)
    torch.testing.assert_close(mixer(query, key, value, call), SoftmaxMixer()(query, key, value, call))


@pytest.mark.parametrize("mask", MASKS)
def test_keys_that_are_alike_in_pairs_get_it_too(make: Make, mask: Mask) -> None:
    query, key, value, call = make(12, mask=mask)
    key, value = (one[:, :, ::2].repeat_interleave(2, dim=2) for one in (key, value))
    mixer = CoarseToFineMixer(4)
    torch.testing.assert_close(mixer(query, key, value, call), SoftmaxMixer()(query, key, value, call))


def test_far_keys_are_only_seen_as_means(make: Make) -> None:
    query, key, value, call = make(12, mask=Causal())
    mixer = CoarseToFineMixer(2)
    swapped = key[:, :, [1, 0, *range(2, 12)]]
    out, other = mixer(query, key, value, call), mixer(query, swapped, value, call)
    torch.testing.assert_close(out[:, :, 4:], other[:, :, 4:])
    assert not torch.allclose(out[:, :, 1:4], other[:, :, 1:4])
    assert not torch.allclose(out, SoftmaxMixer()(query, key, value, call))


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kv_heads", [1, 2, 4])
def test_heads_share_keys_as_if_they_were_repeated(make: Make, mask: Mask, kv_heads: int) -> None:
    query, key, value, call = make(13, mask=mask, kv_heads=kv_heads)
    mixer = CoarseToFineMixer(2)
    repeated = mixer(query, share_heads(query, key), share_heads(query, value), call)
    torch.testing.assert_close(mixer(query, key, value, call), repeated)


@pytest.mark.parametrize("causal", [True, False])
def test_weights_of_any_rows_are_the_output_and_sum_to_one(make: Make, causal: bool) -> None:
    valid = torch.tensor([[False] * 3 + [True] * 4 + [False] + [True] * 6, [True] * 6 + [False] * 8])
    mask = Padding(valid) & Causal() if causal else Padding(valid)
    query, key, value, call = make(14, mask=mask)
    mixer = CoarseToFineMixer(2)
    whole = mixer.weights(query, key, call, slice(None))
    torch.testing.assert_close(whole @ share_heads(query, value), mixer(query, key, value, call))
    torch.testing.assert_close(whole.sum(-1), call.visible().any(-1).double().expand(2, 4, 14))
    assert not whole.masked_fill(call.visible(), 0.0).any()
    for rows in (slice(0, 1), slice(5, 6), slice(3, 10), slice(13, 14)):
        torch.testing.assert_close(mixer.weights(query, key, call, rows), whole[:, :, rows])


def test_one_padding_for_all_rows(make: Make) -> None:
    valid = torch.tensor([[False] * 3 + [True] * 10])
    mixer = CoarseToFineMixer(2)
    query, key, value, call = make(13, mask=Padding(valid) & Causal())
    twice = replace(call, mask=Padding(valid.expand(2, -1)) & Causal())
    torch.testing.assert_close(mixer(query, key, value, call), mixer(query, key, value, twice))


@pytest.mark.parametrize("block", [0, 1, 5])
def test_odd_and_small_blocks_are_refused(block: int) -> None:
    with pytest.raises(ConfigurationError, match=r"block.*must be even and at least 2"):
        CoarseToFineMixer(block)


def test_refusals_name_what_works(make: Make) -> None:
    query, key, value, call = make(9, mask=Window(2, 2))
    with pytest.raises(UnsupportedError, match=r"serves no Window mask.*attention=window or attention=mha"):
        CoarseToFineMixer(2)(query, key, value, call)
