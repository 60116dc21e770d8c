"""Settings that all data sets of labelled series share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from typing import Annotated

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen


@frozen
class SeriesData(DataRecipe, ABC):
    """Series with one label each, of one or more channels and of any length; shorter ones are padded at the end.

    The augmentations change training series only, each by an amount of its own.

    Args:
        batch_size: series per step.
        jitter: deviation of the noise that is added, in deviations of the channel, at least 0.
        scale: deviation of the factor around 1 by which each channel is multiplied, at least 0.
        warp: most that time runs faster or slower within a series, as a share, in [0, 0.9].
        crop: largest share of a series that is cut off its ends, in [0, 0.9].
    """

    batch_size: Annotated[int, AtLeast(1)] = 32
    jitter: Annotated[float, AtLeast(0)] = 0.0
    scale: Annotated[float, AtLeast(0)] = 0.0
    warp: Annotated[float, Between(0, 0.9)] = 0.0
    crop: Annotated[float, Between(0, 0.9)] = 0.0

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.split[0] <= 0:
            yield self.fault("split", "must leave series to train on", "Try [0.8,0.1,0.1].")


def nominal(classes: tuple[str, ...], channels: int, length: int) -> Facts:
    """Facts of labelled series as they are known before they are read."""
    return {
        "classes": list(classes),
        "mean": [0.0] * channels,
        "std": [1.0] * channels,
        "length": length,
    }
