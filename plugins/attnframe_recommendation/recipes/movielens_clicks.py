"""`data=ml_100k` of click prediction. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_recommendation.recipes.events import EventData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.event_module import EventModule


@frozen
class MovieLensClicks(EventData):
    """MovieLens 100k (Harper and Konstan 2015, https://doi.org/10.1145/2827872): a rating of 4 or more counts as a
    click; random split with seed 2020. Fields: user, item, age, gender, occupation, genres, and as history what the
    user liked before, in the training part."""

    name: ClassVar[str] = "ml_100k"
    summary: ClassVar[str] = (
        "100,000 ratings of 1,682 films by 943 people (GroupLens, research only, no redistribution)"
    )

    def nominal_facts(self) -> Facts:
        sizes = {"user": 943, "item": 1682, "gender": 2, "occupation": 21, "age": 7}
        return nominal(sizes, many={"genres": 19}, history_of="item")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> EventModule:
        from attnframe_recommendation.data.event_module import EventModule
        from attnframe_recommendation.data.movielens import read_small
        from attnframe_recommendation.data.movielens_clicks import as_events

        split = "random, seed 2020"
        return EventModule(self, lambda known: as_events(read_small(data_dir), self.split, self.max_history), split)

    def download(self, data_dir: Path) -> None:
        from attnframe_recommendation.data.movielens import SMALL

        for file in SMALL.values():
            file.ready(data_dir)
