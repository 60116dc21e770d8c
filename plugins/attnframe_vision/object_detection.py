"""The task `object_detection`: the objects of a picture, each with class and box. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_vision.detection.recipes.bccd import Bccd
from attnframe_vision.detection.recipes.coco_folder import CocoFolder
from attnframe_vision.detection.recipes.dense_prediction import DensePrediction
from attnframe_vision.detection.recipes.model import DetectionModel
from attnframe_vision.detection.recipes.predict import DetectionPredict
from attnframe_vision.detection.recipes.set_prediction import SetPrediction
from attnframe_vision.detection.recipes.shapes import Shapes
from attnframe_vision.detection.recipes.voc_folder import VocFolder

if TYPE_CHECKING:
    from attnframe_vision.detection.detector import Detector


class ObjectDetection(Task):
    """The objects of a picture, each with class and box (FCOS, Tian et al. 2019; DETR, Carion et al. 2020)."""

    name: ClassVar[str] = "object_detection"
    summary: ClassVar[str] = "the objects of a picture, each with class and box (FCOS 2019, DETR 2020)"
    monitor: ClassVar[Monitor] = Monitor("map50", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (DensePrediction, SetPrediction)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Shapes, Bccd, VocFolder, CocoFolder)}
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"order", "grid"})
    predict: ClassVar[type[PredictRecipe]] = DetectionPredict
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "transformer": "where objects are must be told, and it gives one answer for a whole picture",
            "attention_rnn": "it reads one thing after the other, and objects stand beside one another",
            "hierarchical": "it makes one vector of a whole picture, and where objects are is lost",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return _own(model).needs()

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        yield from _own(parts.model).size_faults(*data.nominal_facts()["size"])

    def build(self, parts: Parts, facts: Facts) -> Detector:
        from attnframe_vision.detection.detector import Detector

        return Detector(parts, facts)


def _own(model: ModelRecipe) -> DetectionModel:
    if not isinstance(model, DetectionModel):
        raise ConfigurationError(Fault("model", "must be a DetectionModel", type(model).__name__))
    return model
