"""Settings of the image model. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import TransformerRecipe
from attnframe.recipe import AtLeast, Between

GRID = 8
"""Tokens along a side that sizes left at null aim for: 64 tokens train in minutes on a small machine."""


@dataclass(frozen=True, kw_only=True)
class ImageModel(TransformerRecipe):
    """A stem that turns a picture into tokens, the encoder, a pooling and a linear head.

    Args:
        stem: ``patch`` cuts the picture into squares and projects each (ViT, Dosovitskiy et al. 2021,
            arXiv:2010.11929); ``conv`` takes overlapping features by convolutions (CCT, Hassani et al. 2021,
            arXiv:2104.05704).
        patch_size: side of a square in pixels, a divisor of both sides of the picture; null for the one above 1 that
            leaves nearest to 8 tokens along the shorter side.
        conv_layers: stages of the ``conv`` stem, each a 3 x 3 convolution, ReLU and a halving 3 x 3 max pool; null
            for as many as bring the shorter side to 8 tokens or fewer.
        conv_width: channels after the first stage, doubled by each later one up to `dim`; null for `dim` in the last
            stage and half as many in each stage before it.
        pool: ``mean`` of the tokens, a learned ``class_token``, or ``attention``, a learned softmax weighting (CCT's
            sequence pooling).
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    stem: Literal["patch", "conv"] = "patch"
    patch_size: Annotated[int, AtLeast(1)] | None = None
    conv_layers: Annotated[int, AtLeast(1)] | None = None
    conv_width: Annotated[int, AtLeast(1)] | None = None
    pool: Literal["mean", "class_token", "attention"] = "mean"
    label_smoothing: Annotated[float, Between(0, 1)] = 0.0

    def faults(self) -> Iterable[Fault]:
        other = {"patch": ("conv_layers", "conv_width"), "conv": ("patch_size",)}[self.stem]
        for field in other:
            if getattr(self, field) is not None:
                yield self.fault(field, f"is not used by model.stem={self.stem}", "Leave it at null.")

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        """What is wrong with this model for pictures of `height` x `width` pixels."""
        if self.patch_size is not None and (height % self.patch_size or width % self.patch_size):
            possible = ", ".join(str(p) for p in range(1, min(height, width) + 1) if height % p == 0 and width % p == 0)
            yield self.fault(
                "patch_size", f"must divide the picture's {height} x {width} pixels", f"Possible: {possible}."
            )
        if self.conv_layers is not None and min(height, width) < 2**self.conv_layers:
            most = min(height, width).bit_length() - 1
            must = f"must leave at least one token of the picture's {height} x {width} pixels"
            yield self.fault("conv_layers", must, f"At most {most}." if most else "Try model.stem=patch.")

    def patch(self, height: int, width: int) -> int:
        """Side of a patch in pixels, with null resolved for pictures of `height` x `width` pixels."""
        if self.patch_size is not None:
            return self.patch_size
        shared = [p for p in range(1, min(height, width) + 1) if height % p == 0 and width % p == 0]
        return min(
            [p for p in shared if 1 < p < min(height, width)] or [1],
            key=lambda p: abs(math.log(min(height, width) / p / GRID)),
        )

    def conv_widths(self, height: int, width: int) -> list[int]:
        """Channels after each stage of the convolutional stem, the last `dim`."""
        layers = self.conv_layers
        if layers is None:
            layers, shorter = 1, (min(height, width) + 1) // 2
            while shorter > GRID:
                layers, shorter = layers + 1, (shorter + 1) // 2
        first = self.conv_width or max(self.dim // 2 ** (layers - 1), 8)
        return [min(first * 2**stage, self.dim) for stage in range(layers - 1)] + [self.dim]
