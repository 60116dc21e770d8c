"""`data=shapes`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_vision.detection.recipes.scenes import SceneData, nominal

if TYPE_CHECKING:
    from attnframe_vision.detection.data.module import SceneModule

CLASSES = ("circle", "square", "triangle")
SIDE = 64
"""Pixels of a side of a picture."""


@frozen
class Shapes(SceneData):
    """Generated pictures of coloured circles, squares and triangles on a noisy ground, 64 x 64 pixels, one to four in
    each, the same for everyone.

    Args:
        pictures: number of pictures.
    """

    name: ClassVar[str] = "shapes"
    summary: ClassVar[str] = "generated circles, squares and triangles with boxes, 64 x 64 colour (no network)"

    pictures: Annotated[int, AtLeast(10)] = 500
    split: tuple[float, float, float] = (0.6, 0.2, 0.2)
    flip_vertical: bool = True

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) * self.pictures < 1:
            yield self.fault("split", "must leave pictures for each part", "Try [0.6,0.2,0.2].")

    def nominal_facts(self) -> Facts:
        return nominal(CLASSES, SIDE, SIDE)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SceneModule:
        from attnframe_vision.detection.data.module import SceneModule
        from attnframe_vision.detection.data.shapes import ShapesSource

        return SceneModule(self, ShapesSource(self.pictures), cache_dir)
