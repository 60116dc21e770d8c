"""Settings of the data of `trajectory_prediction`. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

Scene = Literal["eth", "hotel", "univ", "zara1", "zara2"]


@frozen
class WalkData(DataRecipe, ABC):
    """Windows of the tracks of pedestrians.

    Args:
        batch_size: windows per step.
        observed: places that are seen. horizon: places after them that are to be told.
        jitter: noise on the seen places of training windows, over the mean length of their moves; its standard
            deviation is drawn anew for each window, from 0 to this. Recordings differ in how exact places are.
        mirror: whether half of the training windows are mirrored.
    """

    batch_size: Annotated[int, AtLeast(1)] = 256
    observed: Annotated[int, AtLeast(3)] = 8
    horizon: Annotated[int, AtLeast(1)] = 12
    jitter: Annotated[float, AtLeast(0)] = 0.0
    mirror: bool = True

    def nominal_facts(self) -> Facts:
        return {"observed": self.observed, "horizon": self.horizon}


@frozen
class CutData(WalkData, ABC):
    """Tracks of one place, cut in time into parts that share no moment."""

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave windows in each part", "Try [0.6,0.2,0.2].")


@frozen
class Crowd(CutData):
    """A generated crowd on a square of 16 metres: everyone walks to a place on another side, comes gradually onto the
    way there, and makes way for who is ahead. A frame is 0.4 seconds.

    Args:
        people: how many cross the square.
    """

    name: ClassVar[str] = "crowd"
    summary: ClassVar[str] = "150 people who cross a square, places each 0.4 s (generated, no network)"
    batch_size: Annotated[int, AtLeast(1)] = 64
    split: tuple[float, float, float] = (0.6, 0.2, 0.2)
    people: Annotated[int, AtLeast(20)] = 150

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.trajectory_prediction.crowd import walk
        from attnframe_control.trajectory_prediction.data import WalkModule
        from attnframe_control.trajectory_prediction.windows import cut_in_time

        return WalkModule(self, lambda: cut_in_time(walk(self.people), self))


@frozen
class EthUcy(WalkData):
    """The pedestrians of ETH (Pellegrini et al. 2009) and UCY (Lerner et al. 2007), places in metres each 0.4 seconds,
    in the form of Social GAN (Gupta et al. 2018, https://arxiv.org/abs/1803.10892): the test part is one scene whole,
    training and validation windows are of the others, cut in time.

    Args:
        scene: that is left out of training and tested on.
    """

    name: ClassVar[str] = "eth_ucy"
    summary: ClassVar[str] = "pedestrians of 5 scenes, one left out: data.scene=zara1 (research use, 3 MB)"
    scene: Scene = "eth"

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.trajectory_prediction.data import WalkModule
        from attnframe_control.trajectory_prediction.eth_ucy import read_scene

        return WalkModule(self, lambda: read_scene(data_dir, self.scene, self.observed + self.horizon))

    def download(self, data_dir: Path) -> None:
        from attnframe_control.trajectory_prediction.eth_ucy import fetch

        fetch(data_dir, self.scene)


@frozen
class TracksFile(CutData):
    """A user's own tracks: a line for each frame and person, frame, id, x, y.

    Args:
        path: a CSV file with the columns frame, id, x and y, or a text file of four such numbers a line.
    """

    name: ClassVar[str] = "tracks_file"
    summary: ClassVar[str] = "your own tracks: data.path=FILE of frame, id, x, y"
    split: tuple[float, float, float] = (0.6, 0.2, 0.2)

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a file of tracks: frame, id, x, y", "Give data.path=FILE.csv.")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.trajectory_prediction.data import WalkModule
        from attnframe_control.trajectory_prediction.tracks import read_tracks
        from attnframe_control.trajectory_prediction.windows import cut_in_time

        return WalkModule(self, lambda: cut_in_time(read_tracks(Path(self.path or ""), "data.path"), self))
