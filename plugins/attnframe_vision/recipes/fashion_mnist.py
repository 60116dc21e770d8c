"""`data=fashion_mnist`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_vision.recipes.pictures import PictureData, nominal

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureModule

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


@frozen
class FashionMnist(PictureData):
    """Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747): official 60,000 / 10,000, validation cut from the training
    part by `split`."""

    name: ClassVar[str] = "fashion_mnist"
    summary: ClassVar[str] = "70,000 pictures of clothes, 28 x 28 grey, 10 classes (MIT, Zalando SE; 30 MB)"

    split: tuple[float, float, float] = (0.95, 0.05, 0.0)

    def nominal_facts(self) -> Facts:
        return nominal(CLASSES, 1, 28, 28)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PictureModule:
        from attnframe_vision.data.fashion_mnist import FashionMnistSource
        from attnframe_vision.data.module import PictureModule

        return PictureModule(self, FashionMnistSource(data_dir), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_vision.data.fashion_mnist import FashionMnistSource

        FashionMnistSource(data_dir).download()
