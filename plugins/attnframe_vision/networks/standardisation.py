"""What a network gets instead of pixels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Standardisation(nn.Module):
    r"""Pixels with mean 0 and deviation 1 in each channel, over the training pictures.

    .. math:: y = (x / 255 - \mu) / \sigma

    Args:
        mean: of each of C channels, as shares of 255. std: likewise, above 0.

    Shapes: (B, C, H, W) in 0 to 255, of any type, to (B, C, H, W).
    """

    scale: Tensor
    shift: Tensor

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        centre, deviation = (torch.tensor(values).view(-1, 1, 1) for values in (mean, std))
        # Facts hold them, so checkpoints need not.
        self.register_buffer("scale", 1 / (255 * deviation), persistent=False)
        self.register_buffer("shift", -centre / deviation, persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        return pictures.to(self.scale.dtype) * self.scale + self.shift
