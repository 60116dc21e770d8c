"""`data=pathfinder`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, Between, frozen
from attnframe_vision.recipes.pictures import PictureData, nominal

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureModule

LEAST_SHARE = 0.01
"""Share of the pictures in which both classes still occur."""


@frozen
class Pathfinder(PictureData):
    """Whether one dashed path joins two dots, among other paths: what no single place of a picture shows (Linsley et
    al. 2018, https://arxiv.org/abs/1805.08315; a task of the Long Range Arena, Tay et al. 2021,
    https://arxiv.org/abs/2011.04006). Small pictures, generated with seed 0, as many of either class.

    Both classes hold the same number of paths, all of one length, and dots that are about as far apart.

    Args:
        side: pixels of a side.
        length: pixels of a path, at most two sides.
        distractors: further paths, without dots.
        examples: number of pictures, split by `split`.
    """

    name: ClassVar[str] = "pathfinder"
    summary: ClassVar[str] = (
        "whether a dashed path joins two dots, 16 x 16 grey (Pathfinder 2018; made here, no network)"
    )

    split: tuple[float, float, float] = (0.8, 0.1, 0.1)
    flip: bool = True
    side: Annotated[int, Between(12, 64)] = 16
    length: Annotated[int, AtLeast(4)] = 12
    distractors: Annotated[int, Between(0, 4)] = 1
    examples: Annotated[int, AtLeast(100)] = 8000

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.length > 2 * self.side:
            yield self.fault("length", f"must be at most {2 * self.side}, two sides of data.side={self.side}")
        if min(self.split) < LEAST_SHARE:
            yield self.fault("split", f"must give each part at least {LEAST_SHARE}", "Try [0.8,0.1,0.1].")

    def nominal_facts(self) -> Facts:
        return nominal(("apart", "joined"), 1, self.side, self.side)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PictureModule:
        from attnframe_vision.data.module import PictureModule
        from attnframe_vision.data.pathfinder import PathfinderSource

        return PictureModule(self, PathfinderSource(self.examples, self.side, self.length, self.distractors), cache_dir)
