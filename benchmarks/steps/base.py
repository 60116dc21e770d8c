"""What a comparison is, and the training step that all models take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from interleaved import Step
from torch import Tensor, nn


@dataclass(frozen=True)
class Case:
    """One comparison.

    Args:
        what: in words.
        peers: builders by name; `ours` is held against them.
        bar: least ratio over the fastest of `against` (all peers when empty).
        packages: whose versions are recorded.
    """

    what: str
    ours: Callable[[], Step]
    peers: Mapping[str, Callable[[], Step]]
    bar: float
    packages: tuple[str, ...]
    against: tuple[str, ...] = ()


def training(model: nn.Module, loss: Callable[[], Tensor], optimizer: torch.optim.Optimizer | None = None) -> Step:
    """One step, of AdamW as torch has it by default where no optimiser is given."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3) if optimizer is None else optimizer
    model.train()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return step
