"""`data=bccd`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_vision.detection.recipes.scenes import LEAST_SIDE, SceneData, nominal

if TYPE_CHECKING:
    from attnframe_vision.detection.data.module import SceneModule

CLASSES = ("Platelets", "RBC", "WBC")


@frozen
class Bccd(SceneData):
    """BCCD: 364 blood smears under the microscope with 4,888 boxes around red cells, white cells and platelets, in
    the official split of 205 / 87 / 72 (https://github.com/Shenggan/BCCD_Dataset).

    Its two boxes without area are left out.

    Args:
        size: height and width in pixels that the pictures of 480 x 640 are fitted into.
    """

    name: ClassVar[str] = "bccd"
    summary: ClassVar[str] = "364 blood smears, 480 x 640 colour, boxes around three kinds of cells (MIT, 7 MB)"

    size: tuple[Annotated[int, AtLeast(LEAST_SIDE)], Annotated[int, AtLeast(LEAST_SIDE)]] = (144, 192)
    batch_size: Annotated[int, AtLeast(1)] = 8
    flip_vertical: bool = True

    def nominal_facts(self) -> Facts:
        return nominal(CLASSES, *self.size)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SceneModule:
        from attnframe_vision.detection.data.bccd import BccdSource
        from attnframe_vision.detection.data.module import SceneModule

        return SceneModule(self, BccdSource(data_dir, self.size), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_vision.detection.data.bccd import BccdSource

        BccdSource(data_dir, self.size).download()
