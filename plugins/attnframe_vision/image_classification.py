"""The task `image_classification`: one label for a whole picture. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_vision.recipes.cifar10 import Cifar10
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.fashion_mnist import FashionMnist
from attnframe_vision.recipes.image_folder import ImageFolder
from attnframe_vision.recipes.model import ImageModel
from attnframe_vision.recipes.pictures import PictureData
from attnframe_vision.recipes.predict import PicturePredict

if TYPE_CHECKING:
    from attnframe_vision.classifier import ImageClassifier


class ImageClassification(Task):
    """One label for a whole picture (ViT, Dosovitskiy et al. 2021; CCT, Hassani et al. 2021)."""

    name: ClassVar[str] = "image_classification"
    summary: ClassVar[str] = "one label for a whole picture (ViT 2021, CCT 2021)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (ImageModel,)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Digits, FashionMnist, Cifar10, ImageFolder)}
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"order", "grid"})
    predict: ClassVar[type[PredictRecipe]] = PicturePredict

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        model = parts.model
        if not isinstance(model, ImageModel) or not isinstance(data, PictureData):
            yield Fault("task", f"{self.name} takes its own model and data recipes", type(model).__name__)
            return
        if model.pool == "class_token" and parts.attention.capabilities.cost == "n*w":
            must = (
                f"cannot be class_token with attention={parts.attention.name}: the first token sees only a few others"
            )
            yield model.fault("pool", must, "Try model.pool=mean or attention=mha.")
        height, width = data.nominal_facts()["size"]
        yield from model.size_faults(height, width)

    def build(self, parts: Parts, facts: Facts) -> ImageClassifier:
        from attnframe_vision.classifier import ImageClassifier

        return ImageClassifier(parts, facts)
