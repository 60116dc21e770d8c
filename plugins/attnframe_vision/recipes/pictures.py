"""Settings that all picture data sets share: batches and augmentation. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Literal

from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen

Fit = Literal["crop", "pad", "squash"]
"""How a picture of another shape is brought to the data's size: cut at its longer side, padded at its shorter, or
distorted."""


@frozen
class PictureData(DataRecipe, ABC):
    """Pictures with one label each. All augmentation works on whole training batches.

    Args:
        crop: largest random shift in pixels, each way; the edge of the picture is repeated into what comes free.
            Shifts are by whole pixels unless this is a fraction or pictures are rotated or zoomed.
        flip: mirror left to right with probability 1/2.
        rotate: largest random rotation in degrees, each way.
        zoom: largest random change of size, as a share of it, each way; in [0, 0.9].
        rand_augment: strength of RandAugment (Cubuk et al. 2020), two operations a picture, in [0, 30]; 0 for none.
        mixup: alpha of mixup (Zhang et al. 2018); 0 for none.
        cutmix: alpha of CutMix (Yun et al. 2019); 0 for none. With mixup too, each batch takes one of the two.
        erase: probability of erasing a random box of a picture (Zhong et al. 2020), in [0, 1].
    """

    crop: Annotated[float, AtLeast(0)] = 0.0
    flip: bool = False
    rotate: Annotated[float, Between(0, 180)] = 0.0
    zoom: Annotated[float, Between(0, 0.9)] = 0.0
    rand_augment: Annotated[int, Between(0, 30)] = 0
    mixup: Annotated[float, AtLeast(0)] = 0.0
    cutmix: Annotated[float, AtLeast(0)] = 0.0
    erase: Annotated[float, Between(0, 1)] = 0.0


def nominal(classes: tuple[str, ...], channels: int, height: int, width: int) -> Facts:
    """Facts of a data set as they are known before it is read: what is measured (mean, std, background) stands at a
    neutral value."""
    return {
        "classes": list(classes),
        "channels": channels,
        "size": [height, width],
        "mean": [0.5] * channels,
        "std": [0.25] * channels,
        "fit": "squash",
        "background": None,
        "fill": 1.0,
    }
