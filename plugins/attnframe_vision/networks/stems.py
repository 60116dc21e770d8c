"""Stems: what turns a picture into tokens or features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise

import torch
from torch import Tensor, nn

from attnframe_vision.recipes.stem import StemmedModel

TOKEN_STD = 0.02
"""Deviation of the last map's weights: tokens start about as large as learned positions, or the first epochs go into
finding positions."""


class Stem(nn.Module, ABC):
    """Base of the stems: pictures (B, C, H, W) to tokens (B, T, D), row by row from the top left."""

    grid: tuple[int, int]
    """Rows and columns of tokens."""

    @property
    def tokens(self) -> int:
        """T."""
        return self.grid[0] * self.grid[1]

    @abstractmethod
    def forward(self, pictures: Tensor) -> Tensor:
        """pictures (B, C, H, W) to tokens (B, T, D)."""


class PatchStem(Stem):
    """Squares of P x P pixels, each projected linearly (ViT, Dosovitskiy et al. 2021, arXiv:2010.11929).

    Args:
        channels: C.
        height: H in pixels. width: W in pixels.
        patch: P in pixels, a divisor of both.
        dim: token width D.
    """

    def __init__(self, channels: int, height: int, width: int, patch: int, dim: int) -> None:
        super().__init__()
        self.patch = patch
        self.grid = (height // patch, width // patch)
        self.projection = nn.Linear(channels * patch * patch, dim)
        nn.init.normal_(self.projection.weight, std=TOKEN_STD)
        nn.init.zeros_(self.projection.bias)

    def forward(self, pictures: Tensor) -> Tensor:
        batch, channels, _, _ = pictures.shape
        rows, columns = self.grid
        # (B, C, rows, P, columns, P) to (B, rows, columns, C, P, P): a copy and one product, on CPU faster than a
        # strided convolution
        squares = pictures.view(batch, channels, rows, self.patch, columns, self.patch).permute(0, 2, 4, 1, 3, 5)
        tokens: Tensor = self.projection(squares.reshape(batch, self.tokens, -1))
        return tokens


class ConvStem(Stem):
    """Stages of a 3 x 3 convolution, ReLU and a halving 3 x 3 max pool: the tokeniser of CCT.

    Hassani et al. 2021, arXiv:2104.05704. The pool comes before the ReLU, which gives the same features with a
    quarter of the work, and channels lie last in memory: together twice as fast on CPU.

    Args:
        channels: C.
        height: H in pixels. width: W in pixels.
        widths: channels after each stage; the last is the token width D.
    """

    def __init__(self, channels: int, height: int, width: int, widths: list[int]) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        for before, after in pairwise([channels, *widths]):
            convolution = nn.Conv2d(before, after, 3, padding=1)
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            convolution.weight.data = convolution.weight.data.contiguous(memory_format=torch.channels_last)
            stages += [convolution, nn.MaxPool2d(3, 2, 1), nn.ReLU()]
            height, width = (height + 1) // 2, (width + 1) // 2
        self.stages = nn.Sequential(*stages)
        self.grid = (height, width)

    def features(self, pictures: Tensor) -> Tensor:
        """pictures (B, C, H, W) to features (B, D, rows, columns), channels last in memory."""
        features: Tensor = self.stages(pictures.contiguous(memory_format=torch.channels_last))
        return features

    def forward(self, pictures: Tensor) -> Tensor:
        return self.features(pictures).flatten(2).transpose(1, 2)


def build_stem(model: StemmedModel, channels: int, height: int, width: int) -> Stem:
    """The stem that a recipe names, for pictures (channels, height, width)."""
    if model.stem == "patch":
        return PatchStem(channels, height, width, model.patch(height, width), model.dim)
    return ConvStem(channels, height, width, model.conv_widths(height, width))
