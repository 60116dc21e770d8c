"""Tokens of every kind that a recurrence reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.recurrence import Tokens

B, H, E, V = 2, 3, 5, 4
DECAYS: dict[str, tuple[int, ...] | None] = {
    "none": None,
    "steady": (1, H, 1, 1),
    "scalar": (B, H, 0, 1),
    "channel": (B, H, 0, E),
}


@pytest.fixture
def make() -> Callable[..., Tokens]:
    """`make(length, decay, fresh=...)` gives tokens (2, 3, T, ...) in float64 that want gradients; `decay` is "none",
    "steady", "scalar" or "channel", and `fresh` says whether documents begin here and there.
    """

    def tokens(length: int, decay: str, *, fresh: bool = False, strength: float = 1.0) -> Tokens:
        generator = torch.Generator().manual_seed(length)

        def normal(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64)

        shape = DECAYS[decay]
        rates = None
        if shape is not None:
            rates = -strength * normal(*(length if size == 0 else size for size in shape)).abs()
        starts = torch.rand(B, 1, length, 1, generator=generator) < 0.2 if fresh else None
        found = Tokens(
            normal(B, H, length, E),
            F.normalize(normal(B, H, length, E), dim=-1),
            normal(B, H, length, V),
            rates,
            normal(B, H, length, 1).sigmoid(),
            starts,
        )
        for one in (found.query, found.key, found.value, found.decay, found.rate):
            if one is not None:
                one.requires_grad_()
        return found

    return tokens
