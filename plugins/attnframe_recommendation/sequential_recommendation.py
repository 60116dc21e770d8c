"""The task `sequential_recommendation`: the item that a user takes next. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_recommendation.recipes.generated_sessions import GeneratedSessions
from attnframe_recommendation.recipes.interactions import InteractionData
from attnframe_recommendation.recipes.interactions_csv import InteractionsCsv
from attnframe_recommendation.recipes.movielens import MovieLens1M, MovieLens100k
from attnframe_recommendation.recipes.published import S3recBeauty, SasrecGames
from attnframe_recommendation.recipes.recommend import Recommend
from attnframe_recommendation.recipes.sequential_transformer import SequentialTransformer

if TYPE_CHECKING:
    from attnframe_recommendation.recommender import SequentialRecommender


class SequentialRecommendation(Task):
    """The item that a user takes next, told from those before (SASRec, Kang and McAuley 2018)."""

    name: ClassVar[str] = "sequential_recommendation"
    summary: ClassVar[str] = "the item that a user takes next (SASRec 2018)"
    monitor: ClassVar[Monitor] = Monitor("ndcg@10", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {SequentialTransformer.name: SequentialTransformer}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {
            recipe.name: recipe
            for recipe in (GeneratedSessions, SasrecGames, S3recBeauty, MovieLens100k, MovieLens1M, InteractionsCsv)
        }
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"order", "time"})
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_cnn": "its convolutions read what is to be predicted",
            "attention_rnn": "a history is short, and read at once",
            "hierarchical": "it makes one vector of a whole history, where each item must be told from those before it",
        }
    )
    predict: ClassVar[type[PredictRecipe]] = Recommend

    def provides_with(self, data: DataRecipe) -> frozenset[PositionKind]:
        has_times = isinstance(data, InteractionData) and data.has_times
        return self.provides if has_times else self.provides - {"time"}

    def needs(self, model: ModelRecipe) -> Needs:
        side = getattr(model, "side_information", "none")
        return Needs(causal=True, cross=side != "none", masks=frozenset({"padding"} if side == "field" else ()))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        model = parts.model
        if not isinstance(model, SequentialTransformer) or not isinstance(data, InteractionData):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)
            return
        if model.side_information != "none" and not data.describes:
            must = f"must be none: data={data.name} says nothing of its items"
            yield Fault("model.side_information", must, model.side_information, "Leave it out.")

    def build(self, parts: Parts, facts: Facts) -> SequentialRecommender:
        from attnframe_recommendation.recommender import SequentialRecommender

        return SequentialRecommender(parts, facts)
