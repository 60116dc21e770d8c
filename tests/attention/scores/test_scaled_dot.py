from __future__ import annotations

import torch

from attnframe.attention.scores import ScaledDot


def test_by_hand() -> None:
    query, key = torch.tensor([[[[1.0, 2.0, 0.0, 1.0]]]]), torch.tensor([[[[3.0, -1.0, 5.0, 7.0]]]])
    assert ScaledDot(4)(query, key).item() == (3 - 2 + 7) / 2


def test_keeps_the_variance_of_independent_features() -> None:
    generator = torch.Generator().manual_seed(0)
    query, key = (torch.randn(1, 1, 400, 64, generator=generator) for _ in range(2))
    assert abs(ScaledDot(64)(query, key).var().item() - 1) < 0.05
