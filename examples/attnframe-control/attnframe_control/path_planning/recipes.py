"""Settings of the data and the model of `path_planning`. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, TransformerRecipe
from attnframe.recipe import AtLeast, Between, frozen


@frozen
class PlanTransformer(TransformerRecipe):
    """Convolutions, blocks of attention over patches of the map, and convolutions back to its cells (TransPath,
    Kirilenko et al. 2023, https://arxiv.org/abs/2212.11730).

    Args:
        patch_size: cells of a side of a patch, which is one token.
        channels: of the convolutions.
    """

    summary: ClassVar[str] = "attention over patches between convolutions (TransPath, Kirilenko et al. 2023)"

    patch_size: Annotated[int, AtLeast(1)] = 4
    channels: Annotated[int, AtLeast(1)] = 32


@frozen
class MapData(DataRecipe, ABC):
    """Maps of free cells and walls with one goal each. Moves go to the 8 neighbours of a cell, and all cost the same.

    Args:
        batch_size: maps per step.
        turn: whether training maps are turned and mirrored at random.
    """

    batch_size: Annotated[int, AtLeast(1)] = 16
    turn: bool = True

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave maps in each part", "Try [0.8,0.1,0.1].")


@frozen
class SmallMazes(MapData):
    """Generated mazes: ways of one cell between walls of one cell, some of which are left out.

    Args:
        maps: how many. side: cells of a side, an odd number. open: share of walls that are left out.
    """

    name: ClassVar[str] = "small_mazes"
    summary: ClassVar[str] = "400 mazes of 11 x 11 cells (generated, no network)"

    maps: Annotated[int, AtLeast(20)] = 400
    side: Annotated[int, Between(5, 101)] = 11
    open: Annotated[float, Between(0, 1)] = 0.1

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.side % 2 == 0:
            yield self.fault("side", "must be odd: ways and walls take turns", f"Try {self.side + 1}.")

    def nominal_facts(self) -> Facts:
        return {"size": [self.side, self.side]}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.path_planning.data import MapModule, cut
        from attnframe_control.path_planning.mazes import mazes

        return MapModule(self, lambda: cut(mazes(self.maps, self.side, self.open), self.split))


@frozen
class MpPlanning(MapData):
    """Maps of the motion planning dataset (Bhardwaj et al. 2017, https://arxiv.org/abs/1707.03034) as Neural A*
    (Yonetani et al. 2021, https://arxiv.org/abs/2009.07476) has them: 32 x 32 cells, 800 / 100 / 100 maps.

    Args:
        environment: what the maps show: ``mazes`` of rooms with gaps in their walls, or ``gaps_and_forest``.
    """

    name: ClassVar[str] = "mp_planning"
    summary: ClassVar[str] = "1,000 maps of 32 x 32 cells: data.environment=mazes or gaps_and_forest (MIT, 2 MB each)"

    environment: Literal["mazes", "gaps_and_forest"] = "mazes"

    def nominal_facts(self) -> Facts:
        return {"size": [32, 32]}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.path_planning.data import MapModule
        from attnframe_control.path_planning.mp_planning import read_environment

        return MapModule(self, lambda: read_environment(data_dir, self.environment))

    def download(self, data_dir: Path) -> None:
        from attnframe_control.path_planning.mp_planning import FILES

        FILES[self.environment].ready(data_dir)


@frozen
class MapsFile(MapData):
    """A user's own maps.

    Args:
        path: a text file of maps with empty lines between them, or a folder of such .txt files; ``#`` is a wall, ``.``
            free, ``G`` the goal, ``S`` a free cell too. Smaller maps are filled up with walls.
    """

    name: ClassVar[str] = "maps_file"
    summary: ClassVar[str] = "your own maps: data.path=FILE_OR_FOLDER of text, # walls, . free, G goal"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a text file of maps, or a folder of them", "Give data.path=FILE.txt.")

    def nominal_facts(self) -> Facts:
        return {"size": [16, 16]}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.path_planning.data import MapModule, cut
        from attnframe_control.path_planning.text import read_maps, stack

        return MapModule(self, lambda: cut(stack(read_maps(self.path or "", "data.path"), self.path or ""), self.split))
