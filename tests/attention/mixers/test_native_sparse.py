"""Native sparse attention: its branches, its choice of blocks, shared heads, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import Call, share_heads
from attnframe.attention.mixers import NativeSparseMixer, SoftmaxMixer, WindowMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Full, Padding

Make = Callable[..., Any]
COARSE, FINE, NEAR = range(3)


def _inputs(
    make: Make, length: int, open_gates: tuple[int, ...], **options: Any
) -> tuple[Tensor, Tensor, Tensor, Call]:
    """Inputs whose gates are 1 for some branches and 0 for the others."""
    query, key, value, call = make(length, mask=Causal(), **options)
    gates = torch.full((2, 4, length, 3), -1e9, dtype=torch.float64)
    gates[..., [*open_gates]] = 1e9
    return query, key, value, replace(call, signals={"branches": gates})


def test_the_window_is_window_attention(make: Make) -> None:
    query, key, value, call = _inputs(make, 9, (NEAR,))
    expected = WindowMixer(SoftmaxMixer(), 2, 0)(query, key, value, call)
    torch.testing.assert_close(NativeSparseMixer(2, 3, 2)(query, key, value, call), expected)


def test_means_are_of_blocks_that_ended(make: Make) -> None:
    query, key, value, call = _inputs(make, 8, (COARSE,))
    out = NativeSparseMixer(3, 3, 2)(query, key, value, call)
    assert not out[:, :, :2].any()  # No block has ended.
    means = [share_heads(query, one[:, :, :6].view(2, 2, 2, 3, 4).mean(3)) for one in (key, value)]
    for first, last, blocks in ((2, 5, 1), (5, 8, 2)):
        some = query[:, :, first:last]
        weights = (some @ means[0][:, :, :blocks].mT / 2).softmax(-1)
        torch.testing.assert_close(out[:, :, first:last], weights @ means[1][:, :, :blocks])


def test_few_blocks_are_all_chosen(make: Make) -> None:
    query, key, value, call = _inputs(make, 8, (FINE,))
    out = NativeSparseMixer(2, 4, 0)(query, key, value, call)
    torch.testing.assert_close(out, SoftmaxMixer()(query, key, value, call))


def test_a_block_is_chosen_by_the_group_and_for_it(make: Make) -> None:
    query, key, _, call = _inputs(make, 12, (FINE,))
    # In the first group, block 2 fits one query head far better than block 1 does the other.
    with torch.no_grad():
        key[:, 0] = 0.0
        key[:, 0, 4:6, 0], key[:, 0, 2:4, 1] = 8.0, 1.0
        query[:, :2] = 0.0
        query[:, 0, :, 0], query[:, 1, :, 1] = 4.0, 1.0
    weights = NativeSparseMixer(2, 4, 0).weights(query, key, call, slice(None))
    seen = weights[0, :2, -1] > 0
    blocks = seen.view(2, 6, 2).all(-1)
    # The first, its own, the one before it, and block 2; in both heads.
    assert blocks.tolist() == [[True, False, True, False, True, True]] * 2


def test_shared_heads_choose_together(make: Make) -> None:
    query, key, _, call = _inputs(make, 14, (FINE,), kv_heads=1)
    mixer = NativeSparseMixer(2, 4, 1)
    seen = mixer.weights(query, key, call, slice(None)) > 0
    assert torch.equal(seen, seen[:, :1].expand_as(seen))
    apart = mixer.weights(query, share_heads(query, key), call, slice(None)) > 0
    assert not torch.equal(apart, apart[:, :1].expand_as(apart))


def test_weights_of_any_rows_are_the_output(make: Make) -> None:
    valid = torch.tensor([[False] * 3 + [True] * 4 + [False] + [True] * 6, [True] * 6 + [False] * 8])
    query, key, value, call = make(14, mask=Causal() & Padding(valid))
    gates = torch.randn(2, 4, 14, 3, dtype=torch.float64)
    call = replace(call, signals={"branches": gates})
    mixer = NativeSparseMixer(2, 4, 1)
    whole = mixer.weights(query, key, call, slice(None))
    torch.testing.assert_close(whole @ share_heads(query, value), mixer(query, key, value, call))
    assert not whole.masked_fill(call.visible(), 0.0).any()
    for rows in (slice(0, 1), slice(3, 10), slice(13, 14)):
        torch.testing.assert_close(mixer.weights(query, key, call, rows), whole[:, :, rows])


def test_small_sizes_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        NativeSparseMixer(0, 2, -1)
    assert [fault.where.split()[0] for fault in caught.value.faults] == ["block", "num_selected", "window"]


def test_refusals_name_what_works(make: Make) -> None:
    query, key, value, call = make(5, mask=Full(), signals={"branches": torch.zeros(2, 4, 5, 3).double()})
    mixer = NativeSparseMixer(2, 3, 1)
    with pytest.raises(UnsupportedError, match=r"serves no non-causal attention.*attention=block or attention=mha"):
        mixer(query, key, value, call)
    with pytest.raises(UnsupportedError, match=r"between two sequences.*attention=window or attention=mha"):
        mixer(query, key, value, replace(call, cross=True))
