"""Subjects that are pictures, cut into the cells of a grid."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.pictures import Box, image
from attnframe.pictures.png import shrink
from attnframe.plugin.subject import Subject, Values

SIDE: Final = 192
"""Pixels of the longer side of a picture that is drawn."""
SMALL_SIDE: Final = 64
"""The same of one of many."""


class GridSubject(Subject, ABC):
    """Base of subjects whose units are the cells of a grid over a picture, row by row from the top left.

    Args:
        name: of the input. answer: what the model says.
        model: what runs.
        pixels: (H, W) or (H, W, 3), integers from 0 to 255 or numbers from 0 to 1.
        grid: rows and columns of cells.
    """

    unit, many = "patch", "patches"

    def __init__(
        self, name: str, answer: str, model: nn.Module, pixels: npt.NDArray[Any], grid: tuple[int, int]
    ) -> None:
        rows, columns = grid
        super().__init__(
            name,
            answer,
            model,
            [f"row {row + 1}, column {column + 1}" for row in range(rows) for column in range(columns)],
        )
        self.pixels, self.grid = pixels, grid

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return self.overlaid(values, title, small=small)

    def overlaid(self, values: Values, title: str, boxes: Sequence[Box] = (), *, small: bool = False) -> str:
        """The picture with the cells shaded.

        Args:
            values: (rows columns,). title: said above it.
            boxes: drawn over it, in pixels of the picture. small: whether few bytes count.
        """
        side = SMALL_SIDE if small else SIDE
        kind = self.pixels.dtype
        drawn = shrink(self.pixels.astype(np.float64), side)
        scale = drawn.shape[0] / self.pixels.shape[0], drawn.shape[1] / self.pixels.shape[1]
        moved = [
            Box(
                box.left * scale[1],
                box.top * scale[0],
                box.right * scale[1],
                box.bottom * scale[0],
                box.label,
                box.series,
                box.dashed,
            )
            for box in boxes
        ]
        pixels = drawn.round().astype(kind) if kind.kind in "iu" else drawn
        return image(pixels, title, overlay=values.reshape(self.grid), boxes=moved)

    def cells(self, kept: Tensor, size: tuple[int, int]) -> Tensor:
        """Which pixels are kept, (n, 1, H, W) bool.

        Args:
            kept: (n, rows columns) bool. size: H and W of what the model takes.
        """
        places = kept.view(len(kept), 1, *self.grid).to(torch.float32)
        return F.interpolate(places, size, mode="nearest") > 0.5
