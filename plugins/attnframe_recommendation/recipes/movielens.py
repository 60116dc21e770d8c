"""`data=ml_100k` and `data=ml_1m` of sequential recommendation. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_recommendation.recipes.interactions import InteractionData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.module import InteractionModule


@frozen
class MovieLens(InteractionData, ABC):
    """Base of the ratings of MovieLens (Harper and Konstan 2015, https://doi.org/10.1145/2827872). Every rating counts
    as a taking, whatever its height."""

    has_times: ClassVar[bool] = True
    describes: ClassVar[bool] = True


@frozen
class MovieLens100k(MovieLens):
    """100,000 ratings."""

    name: ClassVar[str] = "ml_100k"
    summary: ClassVar[str] = (
        "100,000 ratings of 1,682 films by 943 people (GroupLens, research only, no redistribution)"
    )

    def nominal_facts(self) -> Facts:
        return nominal(1682, self.max_length, times=True, attributes=("genre=Action",))

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.module import InteractionModule
        from attnframe_recommendation.data.movielens import as_interactions, read_small

        return InteractionModule(self, lambda: as_interactions(read_small(data_dir)), seed)

    def download(self, data_dir: Path) -> None:
        from attnframe_recommendation.data.movielens import SMALL

        for file in SMALL.values():
            file.ready(data_dir)


@frozen
class MovieLens1M(MovieLens):
    """A million ratings."""

    name: ClassVar[str] = "ml_1m"
    summary: ClassVar[str] = "1,000,209 ratings of 3,706 films by 6,040 people (GroupLens, research only)"

    max_length: Annotated[int, AtLeast(2)] = 200

    def nominal_facts(self) -> Facts:
        return nominal(3706, self.max_length, times=True, attributes=("genre=Action",))

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.module import InteractionModule
        from attnframe_recommendation.data.movielens import as_interactions, read_million

        return InteractionModule(self, lambda: as_interactions(read_million(data_dir)), seed)

    def download(self, data_dir: Path) -> None:
        from attnframe_recommendation.data.movielens import MILLION

        MILLION.ready(data_dir)
