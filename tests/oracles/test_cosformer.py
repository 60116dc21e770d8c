"""cosFormer attention against the paper's formula with every pair written out: no package on PyPI has it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import CosformerMixer
from attnframe.masks import Causal, Extent, Full

H, T, E, M = 4, 90, 8, 128


@pytest.mark.parametrize("causal", [False, True])
def test_equals_the_formula_of_the_paper(agree: Callable[..., None], causal: bool) -> None:
    call = Call(Causal() if causal else Full(), Extent(2, H, T, T))

    def ours(x: Tensor) -> Tensor:
        out: Tensor = CosformerMixer(M)(*x, call)
        return out

    def theirs(x: Tensor) -> Tensor:
        query, key, value = x
        outputs = []
        for i in range(T):
            seen = range(i + 1) if causal else range(T)
            cosines = torch.tensor([math.cos(math.pi / 2 * (i - j) / M) for j in seen], dtype=x.dtype)
            similar = (F.relu(query[:, :, i : i + 1]) * F.relu(key[:, :, : len(seen)])).sum(
                -1
            ) * cosines  # (B, H, seen)
            total = similar.sum(-1, keepdim=True)
            shares = similar / total.where(total > 0, 1.0)
            outputs.append((shares.unsqueeze(-1) * value[:, :, : len(seen)]).sum(-2))
        return torch.stack(outputs, dim=2)

    # In float64, because totals near 0 magnify the rounding of the order of sums.
    x = torch.randn(3, 2, H, T, E, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    agree(ours, theirs, x, 1e-8)
