"""`data=sasrec_games` and `data=s3rec_beauty`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_recommendation.recipes.interactions import InteractionData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.module import InteractionModule


@frozen
class SasrecGames(InteractionData):
    """Amazon's reviews of video games in SASRec's own file (Kang and McAuley 2018, https://arxiv.org/abs/1808.09781)."""

    name: ClassVar[str] = "sasrec_games"
    summary: ClassVar[str] = (
        "287,107 reviews of 23,715 games by 31,013 users (kang205/SASRec; Amazon, licence not stated)"
    )

    val_users: Annotated[int, AtLeast(1)] | None = 5000

    def nominal_facts(self) -> Facts:
        return nominal(23_715, self.max_length)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.module import InteractionModule
        from attnframe_recommendation.data.published import read_games

        return InteractionModule(self, lambda: read_games(data_dir), seed)

    def download(self, data_dir: Path) -> None:
        from attnframe_recommendation.data.published import GAMES

        GAMES.ready(data_dir)


@frozen
class S3recBeauty(InteractionData):
    """Amazon's reviews of beauty products in S3-Rec's files (Zhou et al. 2020, https://arxiv.org/abs/2008.07873), with
    the brand and categories of each product as numbers."""

    name: ClassVar[str] = "s3rec_beauty"
    summary: ClassVar[str] = (
        "198,502 reviews of 12,101 products by 22,363 users, with attributes (S3-Rec; Amazon, licence not stated)"
    )
    describes: ClassVar[bool] = True

    val_users: Annotated[int, AtLeast(1)] | None = 5000

    def nominal_facts(self) -> Facts:
        return nominal(12_101, self.max_length, attributes=("attribute 1",))

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.module import InteractionModule
        from attnframe_recommendation.data.published import read_beauty

        return InteractionModule(self, lambda: read_beauty(data_dir), seed)

    def download(self, data_dir: Path) -> None:
        from attnframe_recommendation.data.published import BEAUTY, BEAUTY_ATTRIBUTES

        BEAUTY.ready(data_dir)
        BEAUTY_ATTRIBUTES.ready(data_dir)
