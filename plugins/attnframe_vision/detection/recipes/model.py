"""What all models of detection have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts, Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe_vision.detection.networks.base import DetectionNetwork


@frozen
class DetectionModel(TransformerRecipe, ABC):
    """Base of the models of detection: convolutions turn a picture into a map of features, whose places are the tokens
    of an encoder.

    Args:
        stride: pixels of the picture's side to one place of the map.
        stage_width: channels at the first stage of convolutions, at half the picture's size; doubled by each later
            stage up to `dim`.
        stage_blocks: residual blocks of two 3 x 3 convolutions at each stage from a quarter of the size on.
    """

    stride: Literal[4, 8, 16, 32] = 8
    stage_width: Annotated[int, AtLeast(1)] = 16
    stage_blocks: Annotated[int, AtLeast(0)] = 1

    def needs(self) -> Needs:
        """What the attention variant must be capable of."""
        return Needs(noncausal=True)

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        """What is wrong with this model for pictures of `height` x `width` pixels."""
        if min(height, width) < 2 * self.stride:
            must = f"must leave two places along each side of the picture's {height} x {width} pixels"
            yield self.fault("stride", must, f"At most {min(height, width) // 2}.")

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of the map of pictures of `height` x `width` pixels."""
        return -(-height // self.stride), -(-width // self.stride)

    @abstractmethod
    def build(self, parts: Parts, facts: Facts) -> DetectionNetwork:
        """Make the network for the pictures and classes that `facts` tell of."""
