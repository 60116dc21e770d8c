"""`model=dense_prediction`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts, Parts
from attnframe.recipe import Above, Between, frozen
from attnframe_vision.detection.recipes.model import DetectionModel

if TYPE_CHECKING:
    from attnframe_vision.detection.networks.dense import DenseNetwork


@frozen
class DensePrediction(DetectionModel):
    """Every place of the map tells a class and a box (FCOS, Tian et al. 2019, https://arxiv.org/abs/1904.01355); of
    boxes that overlap the best is kept.

    Args:
        radius: places that learn an object lie within so many places of its centre, along each side.
        suppression: overlap (intersection over union) above which the lower of two boxes of a class is left out, in
            [0, 1].
    """

    name: ClassVar[str] = "dense_prediction"
    summary: ClassVar[str] = "every place of the map tells class and box (FCOS 2019), after an encoder"

    radius: Annotated[float, Above(0)] = 1.5
    suppression: Annotated[float, Between(0, 1)] = 0.6

    def build(self, parts: Parts, facts: Facts) -> DenseNetwork:
        from attnframe_vision.detection.networks.dense import DenseNetwork

        return DenseNetwork(self, parts, facts)
