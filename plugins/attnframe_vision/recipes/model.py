"""What all models of pictures have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from attnframe.errors import Fault
from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import Between, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe_vision.networks.base import PictureNetwork


@frozen
class PictureModel(ModelRecipe, ABC):
    """Base of the models of pictures: a network from a picture to one vector, before a linear head.

    Args:
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    label_smoothing: Annotated[float, Between(0, 1)] = 0.0

    def needs(self) -> Needs:
        """What the attention variant must be capable of."""
        return Needs(noncausal=True)

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        """What is wrong with this model for pictures of `height` x `width` pixels."""
        return ()

    def part_faults(self, parts: Parts) -> Iterable[Fault]:
        """What is wrong with this model beside the attention and position of `parts`."""
        return ()

    @abstractmethod
    def build(self, parts: Parts, channels: int, height: int, width: int) -> PictureNetwork:
        """Make the network for pictures (channels, height, width)."""
