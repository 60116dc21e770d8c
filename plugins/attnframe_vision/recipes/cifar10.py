"""`data=cifar10`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_vision.recipes.pictures import PictureData, nominal

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureModule

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@frozen
class Cifar10(PictureData):
    """CIFAR-10 (Krizhevsky 2009): official 50,000 / 10,000, validation cut from the training part by `split`."""

    name: ClassVar[str] = "cifar10"
    summary: ClassVar[str] = (
        "60,000 small photographs, 32 x 32 colour, 10 classes (no licence stated, cite Krizhevsky 2009; 170 MB)"
    )

    split: tuple[float, float, float] = (0.95, 0.05, 0.0)
    crop: float = 4.0
    flip: bool = True

    def nominal_facts(self) -> Facts:
        return nominal(CLASSES, 3, 32, 32)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PictureModule:
        from attnframe_vision.data.cifar10 import Cifar10Source
        from attnframe_vision.data.module import PictureModule

        return PictureModule(self, Cifar10Source(data_dir), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_vision.data.cifar10 import Cifar10Source

        Cifar10Source(data_dir).download()
