"""The task `click_prediction`: whether an event happens. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_recommendation.recipes.events import EventData
from attnframe_recommendation.recipes.events_csv import EventsCsv
from attnframe_recommendation.recipes.field_transformer import FieldTransformer
from attnframe_recommendation.recipes.generated_clicks import GeneratedClicks
from attnframe_recommendation.recipes.movielens_clicks import MovieLensClicks

if TYPE_CHECKING:
    from attnframe_recommendation.click_predictor import ClickPredictor


class ClickPrediction(Task):
    """Whether an event happens, told from its fields and from what its user took before."""

    name: ClassVar[str] = "click_prediction"
    summary: ClassVar[str] = "whether an event happens, from its fields and the user's history (AutoInt 2019, DIN 2018)"
    monitor: ClassVar[Monitor] = Monitor("auc", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType({FieldTransformer.name: FieldTransformer})
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (GeneratedClicks, MovieLensClicks, EventsCsv)}
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset()
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_rnn": "fields have no order in which to be read",
            "attention_cnn": "fields stand on no grid",
            "hierarchical": "fields have no parts of equal size",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, cross=True, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if not isinstance(parts.model, FieldTransformer) or not isinstance(data, EventData):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)

    def build(self, parts: Parts, facts: Facts) -> ClickPredictor:
        from attnframe_recommendation.click_predictor import ClickPredictor

        return ClickPredictor(parts, facts)
