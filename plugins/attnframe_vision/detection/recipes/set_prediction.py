"""`model=set_prediction`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts, Parts
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs
from attnframe_vision.detection.recipes.model import DetectionModel

if TYPE_CHECKING:
    from attnframe_vision.detection.networks.set_prediction import SetNetwork


@frozen
class SetPrediction(DetectionModel):
    """Learned queries ask the encoded map for one object each, and are matched one to one with the objects (DETR,
    Carion et al. 2020, https://arxiv.org/abs/2005.12872); nothing is suppressed.

    Args:
        queries: learned queries; null for twice as many as the picture with most objects has.
        decoder_depth: blocks of self and cross attention of the queries; null for `depth`.
    """

    name: ClassVar[str] = "set_prediction"
    summary: ClassVar[str] = "learned queries matched one to one with the objects (DETR 2020)"

    queries: Annotated[int, AtLeast(1)] | None = None
    decoder_depth: Annotated[int, AtLeast(1)] | None = None

    def needs(self) -> Needs:
        return Needs(noncausal=True, cross=True)

    def build(self, parts: Parts, facts: Facts) -> SetNetwork:
        from attnframe_vision.detection.networks.set_prediction import SetNetwork

        return SetNetwork(self, parts, facts)
