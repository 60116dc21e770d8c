"""Linformer attention: the formula, the place of a key, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixers import LinformerMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Documents, Mask, Padding

Make = Callable[..., Any]


def _mixer() -> LinformerMixer:
    torch.manual_seed(0)
    return LinformerMixer(12, 3).double()


def _by_definition(mixer: LinformerMixer, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    length = key.shape[2]
    key, value = (one.repeat_interleave(query.shape[1] // one.shape[1], dim=1) for one in (key, value))
    keys = torch.einsum("sr,bhse->bhre", mixer.key_map[:length], key)
    values = torch.einsum("sr,bhse->bhre", mixer.value_map[:length], value)
    return torch.softmax(query @ keys.mT / 2, dim=-1) @ values


@pytest.mark.parametrize("keys", [1, 5, 12])
def test_equals_the_formula_forward_and_gradient(make: Make, keys: int) -> None:
    query, key, value, call = make(5, keys)
    mixer = _mixer()
    inputs = (query, key, value, mixer.key_map, mixer.value_map)
    out, expected = mixer(query, key, value, call), _by_definition(mixer, query, key, value)
    torch.testing.assert_close(out, expected)
    for one, other in zip(
        torch.autograd.grad(out.square().sum(), inputs),
        torch.autograd.grad(expected.square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


def test_a_key_has_the_row_of_its_place_among_real_keys(make: Make) -> None:
    valid = torch.tensor([[False, True, True, False, True, False], [True] * 6])
    query, key, value, call = make(6, mask=Padding(valid))
    mixer = _mixer()
    out = mixer(query, key, value, call)
    torch.testing.assert_close(out[1:], _by_definition(mixer, query[1:], key[1:], value[1:]))
    real = [x[:1, :, valid[0]] for x in (key, value)]
    torch.testing.assert_close(out[:1], _by_definition(mixer, query[:1], *real))
    for slope in torch.autograd.grad(out.sum(), (key, value)):
        assert not slope[0, :, ~valid[0]].any()
        assert slope[0, :, valid[0]].all()


def test_one_row_of_padding_serves_a_batch_and_one_flag_a_row(make: Make) -> None:
    query, key, value, call = make(5, mask=Padding(torch.tensor([[True, False, True, True, False]])))
    mixer = _mixer()
    keep = [0, 2, 3]
    expected = _by_definition(mixer, query, key[:, :, keep], value[:, :, keep])
    torch.testing.assert_close(mixer(query, key, value, call), expected)
    query, key, value, call = make(5, mask=Padding(torch.tensor([[True], [False]])))
    out = mixer(query, key, value, call)
    torch.testing.assert_close(out[:1], _by_definition(mixer, query[:1], key[:1], value[:1]))
    assert not out[1].any()


def test_weights_make_the_output_and_may_be_negative(make: Make) -> None:
    query, key, value, call = make(6, mask=Padding(torch.arange(6).expand(2, -1) < torch.tensor([[6], [2]])))
    mixer = _mixer()
    weights = mixer.weights(query, key, call, slice(1, 4))
    assert weights.shape == (2, 4, 3, 6)
    torch.testing.assert_close(weights @ value.repeat_interleave(2, 1), mixer(query, key, value, call)[:, :, 1:4])
    assert (weights < 0).any()
    assert not weights[1, :, :, 2:].any()


@pytest.mark.parametrize(
    "mask", [Causal(), Documents(torch.zeros(2, 5, dtype=torch.int64))], ids=["Causal", "Documents"]
)
def test_other_masks_are_refused(make: Make, mask: Mask) -> None:
    query, key, value, call = make(5, mask=mask)
    said = f"mixes all keys before a query sees them, so it serves no {type(mask).__name__} mask. Use attention=mha"
    with pytest.raises(UnsupportedError, match=said):
        _mixer()(query, key, value, call)
    with pytest.raises(UnsupportedError, match=said):
        _mixer().weights(query, key, call, slice(None))


def test_more_keys_than_rows_are_refused(make: Make) -> None:
    with pytest.raises(
        UnsupportedError, match=r"serves max_length=12 keys, not 13. Use attention.max_length=13 or more"
    ):
        _mixer()(*make(4, 13))


def test_sizes_below_one_are_refused_together() -> None:
    with pytest.raises(ConfigurationError) as caught:
        LinformerMixer(0, -1)
    assert [str(fault) for fault in caught.value.faults] == [
        "max_length (LinformerMixer) must be at least 1. Got 0.",
        "rank (LinformerMixer) must be at least 1. Got -1.",
    ]


def test_maps_start_with_a_variance_of_one_over_the_rank() -> None:
    torch.manual_seed(0)
    mixer = LinformerMixer(2000, 4)
    for one in (mixer.key_map, mixer.value_map):
        assert one.std().item() == pytest.approx(0.5, rel=0.05)
