"""From frames of features to positions of a model."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FrameStem(nn.Module):
    """Frames to fewer positions of width D: two 3 x 3 convolutions over time and frequency and a linear map (Dong et
    al. 2018, https://doi.org/10.1109/ICASSP.2018.8462506), or that map alone. Both convolutions halve frequency; for a
    subsampling of 4 both halve time, for one of 2 the first does.

    What lies beyond a recording's end is 0 before every convolution, so the padding of a batch changes nothing.

    Args:
        channels: F of a frame.
        dim: width D.
        subsampling: frames that become one position.
        conv_width: channels of the convolutions.
    """

    def __init__(self, channels: int, dim: int, subsampling: Literal[1, 2, 4], conv_width: int) -> None:
        super().__init__()
        self.subsampling = subsampling
        self.convolutions = nn.ModuleList()
        self.strides: tuple[tuple[int, int], ...] = ()
        width = channels
        if subsampling > 1:
            self.strides = ((2, 2), (1, 2)) if subsampling == 2 else ((2, 2), (2, 2))
            sizes = ((1, conv_width), (conv_width, conv_width))
            self.convolutions.extend(
                nn.Conv2d(*size, 3, stride=stride, padding=1) for size, stride in zip(sizes, self.strides, strict=True)
            )
            width = conv_width * (-(-channels // 4))
        self.output = nn.Linear(width, dim)

    def forward(self, features: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Positions (B, T', D) and how many of them each recording has, (B,).

        Args:
            features: (B, T, F), 0 beyond the end. frames: (B,) frames of each recording.
        """
        x = features.unsqueeze(1)
        for convolution, (stride, _) in zip(self.convolutions, self.strides, strict=True):
            x = F.relu(convolution(x))
            frames = -(-frames // stride)
            x = x * within(frames, x.shape[2]).view(len(x), 1, -1, 1)
        out: Tensor = self.output(x.transpose(1, 2).flatten(2))
        return out, frames


def within(lengths: Tensor, steps: int) -> Tensor:
    """(B, steps) bool: which of the steps lie within lengths (B,)."""
    return torch.arange(steps, device=lengths.device) < lengths.unsqueeze(1)
