"""Attention to chosen blocks: both ways of computing it, chunks, and what is seen."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import share_heads
from attnframe.attention.mixers import chosen_blocks
from attnframe.attention.mixers.chosen_blocks import ChosenBlocks

B, K, H, T, S, E, BLOCK, N = 2, 2, 4, 5, 14, 3, 3, 2


def _inputs(dtype: torch.dtype = torch.float64) -> tuple[ChosenBlocks, Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    index = torch.rand(B, K, T, 5).argsort(dim=-1)[..., :N]
    real = torch.rand(B, S) < 0.7
    place = torch.arange(S - T, S).unsqueeze(0) - torch.tensor(
        [[0], [11]]
    )  # The second row has tokens before its first.
    query, key, value = (
        torch.randn(B, heads, n, E, dtype=dtype).requires_grad_() for heads, n in ((H, T), (K, S), (K, S))
    )
    return ChosenBlocks(index, BLOCK, place, real), query, key, value


def _seen(chosen: ChosenBlocks) -> Tensor:
    """(B, H, T, S) True where a query sees a key, one by one."""
    seen = torch.zeros(B, K, T, S, dtype=torch.bool)
    for b in range(B):
        for t in range(T):
            for j in range(S):
                visible = chosen.real[b, j] and j <= chosen.place[b, t]
                seen[b, :, t, j] = visible & (chosen.index[b, :, t] == j // BLOCK).any(-1)
    return seen.repeat_interleave(H // K, dim=1)


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("size", [1, 700, 2**25])
def test_equals_the_definition_forward_and_gradient(monkeypatch: pytest.MonkeyPatch, few: int, size: int) -> None:
    monkeypatch.setattr(chosen_blocks, "FEW", few)
    monkeypatch.setattr(chosen_blocks, "CHUNK_BYTES", size)
    chosen, query, key, value = _inputs()
    seen = _seen(chosen)
    scores = (query @ share_heads(query, key).mT * E**-0.5).masked_fill(~seen, -1e9)
    weights = scores.softmax(-1).masked_fill(~seen, 0.0)
    expected = weights @ share_heads(query, value)
    out = chosen.attend(query, key, value)
    torch.testing.assert_close(out, expected)
    assert not out[~seen.any(-1)].any()
    for one, other in zip(
        torch.autograd.grad(out.square().sum(), (query, key, value)),
        torch.autograd.grad(expected.square().sum(), (query, key, value)),
        strict=True,
    ):
        torch.testing.assert_close(one, other)
    torch.testing.assert_close(chosen.weights(query, key), weights)
