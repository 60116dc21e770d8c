"""Nyström attention: the formula, exactness where it holds, padding, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixers import NystromMixer, SoftmaxMixer
from attnframe.attention.mixers.nystrom import pseudo_inverse
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Documents, Mask, Padding

Make = Callable[..., Any]


def _mixer(landmarks: int = 3, kernel_size: int | None = 3, iterations: int = 6) -> NystromMixer:
    torch.manual_seed(0)
    return NystromMixer(4, landmarks, iterations, kernel_size).double()


def _by_definition(mixer: NystromMixer, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """The paper's formula with the exact pseudo-inverse."""
    key, value = (one.repeat_interleave(4 // one.shape[1], dim=1) for one in (key, value))

    def means(x: Tensor) -> Tensor:
        return torch.stack([part.mean(dim=2) for part in x.tensor_split(mixer.num_landmarks, dim=2)], dim=2)

    def shares(query: Tensor, key: Tensor) -> Tensor:
        scores: Tensor = query @ key.mT / query.shape[3] ** 0.5
        return scores.softmax(dim=-1)

    near, far = means(query), means(key)
    out: Tensor = shares(query, far) @ torch.linalg.pinv(shares(near, far)) @ (shares(near, key) @ value)
    if mixer.filters is None:
        return out
    size = mixer.filters.shape[1]
    padded = torch.nn.functional.pad(value, (0, 0, size // 2, size // 2))
    windows = padded.unfold(2, size, 1)  # (B, H, T, V, size)
    return out.add(torch.einsum("bhtvs,hs->bhtv", windows, mixer.filters))


@pytest.mark.parametrize("length", [6, 7, 11])
@pytest.mark.parametrize("kernel_size", [None, 1, 5])
def test_equals_the_formula_forward_and_gradient(make: Make, length: int, kernel_size: int | None) -> None:
    query, key, value, call = make(length)
    mixer = _mixer(kernel_size=kernel_size, iterations=40)
    out, expected = mixer(query, key, value, call), _by_definition(mixer, query, key, value)
    torch.testing.assert_close(out, expected)
    inputs = (query, key, value, *mixer.parameters())
    for one, other in zip(
        torch.autograd.grad(out.square().sum(), inputs),
        torch.autograd.grad(expected.square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_no_more_tokens_than_landmarks_get_softmax_attention(make: Make, length: int) -> None:
    query, key, value, call = make(length)
    mixer = _mixer(kernel_size=None)
    torch.testing.assert_close(mixer(query, key, value, call), SoftmaxMixer()(query, key, value, call))


def test_rows_of_any_real_length_get_what_they_get_alone(make: Make) -> None:
    lengths = [7, 3, 1, 0]
    shuffled = torch.stack([torch.randperm(7, generator=torch.Generator().manual_seed(i)) for i in range(4)])
    valid = shuffled < torch.tensor(lengths).unsqueeze(1)
    query, key, value, call = make(7, mask=Padding(valid), batch=4)
    mixer = _mixer()
    out = mixer(query, key, value, call)
    for row, length in enumerate(lengths):
        if length:
            alone = [x[row : row + 1, :, valid[row]] for x in (query, key, value)]
            expected = mixer(*alone, make(length, batch=1)[3])
            torch.testing.assert_close(out[row : row + 1, :, valid[row]], expected)
        else:
            assert not out[row].any()
    for slope in torch.autograd.grad(out.sum(), (key, value)):
        assert slope.isfinite().all()
        assert not slope.transpose(1, 2)[~valid].any()


@pytest.mark.parametrize("landmarks", [3, 9])
def test_weights_make_the_output(make: Make, landmarks: int) -> None:
    valid = torch.tensor([[False, True, True, False, True, True, True, True], [False, True] * 4])
    mixer = _mixer(landmarks)
    for mask in (None, Padding(valid), Padding(torch.tensor([[True] * 8, [False] * 8]))):
        query, key, value, call = make(8, mask=mask)
        weights = mixer.weights(query, key, call, slice(2, 7))
        assert weights.shape == (2, 4, 5, 8)
        torch.testing.assert_close(weights @ value.repeat_interleave(2, 1), mixer(query, key, value, call)[:, :, 2:7])


def test_the_pseudo_inverse_comes_near_in_few_steps() -> None:
    matrix = torch.softmax(torch.randn(2, 3, 5, 5, dtype=torch.float64), dim=-1)
    torch.testing.assert_close(pseudo_inverse(matrix, 30), torch.linalg.pinv(matrix))
    errors = [(matrix @ pseudo_inverse(matrix, n) @ matrix - matrix).abs().max().item() for n in (2, 6, 10)]
    assert errors == sorted(errors, reverse=True)
    assert not pseudo_inverse(torch.zeros(3, 3), 6).any()
    even = torch.full((4, 4), 0.25)
    torch.testing.assert_close(pseudo_inverse(even, 6), even, msg="tokens all alike give a matrix of rank one")


def test_autocast_leaves_the_pseudo_inverse_wide(make: Make) -> None:
    query, key, value, call = (x.float() if isinstance(x, Tensor) else x for x in make(12))
    mixer = _mixer(kernel_size=None).float()
    exact = mixer(query, key, value, call)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = mixer(query, key, value, call)
    torch.testing.assert_close(out.float(), exact, atol=0.03, rtol=0.03)


@pytest.mark.parametrize(
    "mask", [Causal(), Documents(torch.zeros(2, 5, dtype=torch.int64))], ids=["Causal", "Documents"]
)
def test_other_masks_are_refused(make: Make, mask: Mask) -> None:
    query, key, value, call = make(5, mask=mask)
    said = f"takes landmarks from all tokens, so it serves no {type(mask).__name__} mask. Use attention=mha"
    with pytest.raises(UnsupportedError, match=said):
        _mixer()(query, key, value, call)
    with pytest.raises(UnsupportedError, match=said):
        _mixer().weights(query, key, call, slice(None))


def test_cross_attention_is_refused(make: Make) -> None:
    query, key, value, call = make(5)
    with pytest.raises(UnsupportedError, match=r"whose padding is not told in cross attention. Use attention=mha"):
        _mixer()(query, key, value, replace(call, cross=True))


def test_wrong_sizes_are_refused_together() -> None:
    with pytest.raises(ConfigurationError) as caught:
        NystromMixer(4, 0, 0, 4)
    assert [fault.where for fault in caught.value.faults] == [
        "num_landmarks (NystromMixer)",
        "iterations (NystromMixer)",
        "kernel_size (NystromMixer)",
    ]
