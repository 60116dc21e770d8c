"""Settings of the stems, which turn a picture into features. Torch-free."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterable
from typing import Annotated, Literal

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, frozen
from attnframe_vision.recipes.model import PictureModel

GRID = 8
"""Tokens along a side that sizes left at null aim for: 64 tokens train in minutes on a small machine."""


@frozen
class ConvolvedModel(PictureModel, ABC):
    """Base of models that can begin with convolutions.

    Args:
        conv_layers: stages of convolutions before the model, each a 3 x 3 convolution, ReLU and a halving 3 x 3 max
            pool; null for as many as bring the shorter side to 8 places or fewer.
        conv_width: channels after the first stage, doubled by each later one up to `dim`; null for `dim` in the last
            stage and half as many in each stage before it.
    """

    conv_layers: Annotated[int, AtLeast(1)] | None = None
    conv_width: Annotated[int, AtLeast(1)] | None = None

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        yield from super().size_faults(height, width)
        if self.conv_layers is not None and min(height, width) < 2**self.conv_layers:
            most = min(height, width).bit_length() - 1
            must = f"must leave at least one place of the picture's {height} x {width} pixels"
            yield self.fault("conv_layers", must, f"At most {most}.")

    def conv_widths(self, height: int, width: int) -> list[int]:
        """Channels after each stage of convolutions, the last `dim`."""
        layers = self._layers(height, width)
        first = self.conv_width or max(self.dim // 2 ** (layers - 1), 8)
        return [min(first * 2**stage, self.dim) for stage in range(layers - 1)] + [self.dim]

    def _layers(self, height: int, width: int) -> int:
        if self.conv_layers is not None:
            return self.conv_layers
        layers, shorter = 1, (min(height, width) + 1) // 2
        while shorter > GRID:
            layers, shorter = layers + 1, (shorter + 1) // 2
        return layers


@frozen
class StemmedModel(ConvolvedModel, ABC):
    """Base of models of tokens, made by either stem.

    Args:
        stem: ``patch`` cuts the picture into squares and projects each (ViT, Dosovitskiy et al. 2021,
            arXiv:2010.11929); ``conv`` takes overlapping features by convolutions (CCT, Hassani et al. 2021,
            arXiv:2104.05704).
        patch_size: side of a square in pixels, a divisor of both sides of the picture; null for the one above 1 that
            leaves nearest to 8 tokens along the shorter side.
    """

    stem: Literal["patch", "conv"] = "patch"
    patch_size: Annotated[int, AtLeast(1)] | None = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        other = {"patch": ("conv_layers", "conv_width"), "conv": ("patch_size",)}[self.stem]
        for field in other:
            if getattr(self, field) is not None:
                yield self.fault(field, f"is not used by model.stem={self.stem}", "Leave it at null.")

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        yield from super().size_faults(height, width)
        if self.patch_size is not None and (height % self.patch_size or width % self.patch_size):
            possible = ", ".join(map(str, _shared_divisors(height, width)))
            yield self.fault(
                "patch_size", f"must divide the picture's {height} x {width} pixels", f"Possible: {possible}."
            )

    def patch(self, height: int, width: int) -> int:
        """Side of a patch in pixels, with null resolved for pictures of `height` x `width` pixels."""
        if self.patch_size is not None:
            return self.patch_size
        return min(
            [p for p in _shared_divisors(height, width) if 1 < p < min(height, width)] or [1],
            key=lambda p: abs(math.log(min(height, width) / p / GRID)),
        )

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of tokens of pictures of `height` x `width` pixels."""
        if self.stem == "patch":
            patch = self.patch(height, width)
            return height // patch, width // patch
        halvings = 2 ** self._layers(height, width)
        return -(-height // halvings), -(-width // halvings)


def _shared_divisors(height: int, width: int) -> list[int]:
    return [p for p in range(1, min(height, width) + 1) if height % p == 0 and width % p == 0]
