"""Settings that all sets of pictures with boxes share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from typing import Annotated

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen

LEAST_SIDE = 32
"""Pixels below which a picture leaves no grid of tokens."""


@frozen
class SceneData(DataRecipe, ABC):
    """Pictures with boxes around what they show. All augmentation works on whole training batches, boxes included.

    Args:
        flip: mirror left to right with probability 1/2.
        flip_vertical: mirror top to bottom with probability 1/2.
        zoom: largest random change of size, as a share of it, each way; in [0, 0.9].
        shift: largest random shift as a share of the side, each way; in [0, 0.9].
        colour: largest random change of brightness, contrast and saturation, as a share, each way; in [0, 1].
        least_visible: share of a box's area that must stay in the picture after a change; boxes with less are left
            out; in [0, 1].
    """

    flip: bool = True
    flip_vertical: bool = False
    zoom: Annotated[float, Between(0, 0.9)] = 0.2
    shift: Annotated[float, Between(0, 0.9)] = 0.1
    colour: Annotated[float, Between(0, 1)] = 0.2
    least_visible: Annotated[float, Between(0, 1)] = 0.3


@frozen
class SceneFolder(SceneData, ABC):
    """A user's own pictures with boxes.

    Args:
        size: height and width in pixels that pictures are fitted into, their shape kept; null for the median shape of
            the pictures at no more than 192 x 256 pixels.
        skip_broken: leave out pictures and annotations that cannot be read and boxes without area, cut boxes that
            reach outside, and drop classes without an example, with a notice, instead of refusing the folder.
    """

    size: tuple[Annotated[int, AtLeast(LEAST_SIDE)], Annotated[int, AtLeast(LEAST_SIDE)]] | None = None
    skip_broken: bool = False

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a folder of pictures with boxes", "Give data.path=DIR.")

    def nominal_facts(self) -> Facts:
        height, width = self.size or (192, 256)
        return nominal(("a", "b"), height, width)


def nominal(classes: tuple[str, ...], height: int, width: int) -> Facts:
    """Facts of a data set as they are known before it is read: what is measured stands at a neutral value."""
    return {
        "classes": list(classes),
        "size": [height, width],
        "mean": [0.5] * 3,
        "std": [0.25] * 3,
        "side": min(height, width) / 4,
        "objects": 10,
    }
