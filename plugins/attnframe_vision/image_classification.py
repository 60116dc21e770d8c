"""The task `image_classification`: one label for a whole picture. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_vision.recipes.attention_cnn import ImageCNN
from attnframe_vision.recipes.cifar10 import Cifar10
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.fashion_mnist import FashionMnist
from attnframe_vision.recipes.hierarchical import ImageHierarchy
from attnframe_vision.recipes.image_folder import ImageFolder
from attnframe_vision.recipes.model import PictureModel
from attnframe_vision.recipes.pathfinder import Pathfinder
from attnframe_vision.recipes.predict import PicturePredict
from attnframe_vision.recipes.transformer import ImageTransformer

if TYPE_CHECKING:
    from attnframe_vision.classifier import ImageClassifier


class ImageClassification(Task):
    """One label for a whole picture (ViT, Dosovitskiy et al. 2021; CCT, Hassani et al. 2021)."""

    name: ClassVar[str] = "image_classification"
    summary: ClassVar[str] = "one label for a whole picture (ViT 2021, CCT 2021)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (ImageTransformer, ImageCNN, ImageHierarchy)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Digits, Pathfinder, FashionMnist, Cifar10, ImageFolder)}
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"order", "grid"})
    predict: ClassVar[type[PredictRecipe]] = PicturePredict
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"attention_rnn": "it reads one thing after the other, and the tokens of a picture stand beside one another"}
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return _own(model).needs()

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        model = _own(parts.model)
        yield from model.part_faults(parts)
        yield from model.size_faults(*data.nominal_facts()["size"])

    def build(self, parts: Parts, facts: Facts) -> ImageClassifier:
        from attnframe_vision.classifier import ImageClassifier

        return ImageClassifier(parts, facts)


def _own(model: ModelRecipe) -> PictureModel:
    if not isinstance(model, PictureModel):
        raise ConfigurationError(Fault("model", "must be a PictureModel", type(model).__name__))
    return model
