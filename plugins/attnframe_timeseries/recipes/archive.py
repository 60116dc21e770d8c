"""Sets of the UCR and UEA archives. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.series_data import SeriesData, nominal

if TYPE_CHECKING:
    from attnframe_timeseries.data.series_module import SeriesModule


@frozen
class ArchiveData(SeriesData, ABC):
    """Base of the sets of the UCR archive (Dau et al. 2019, https://arxiv.org/abs/1810.07758) and the UEA archive
    (Bagnall et al. 2018, https://arxiv.org/abs/1811.00075) with their own training and test parts; validation is cut
    off the training part by `split`.
    """

    classes: ClassVar[int]
    channels: ClassVar[int] = 1
    length: ClassVar[int]

    split: tuple[float, float, float] = (0.8, 0.2, 0.0)

    def nominal_facts(self) -> Facts:
        return nominal(tuple(str(label) for label in range(self.classes)), self.channels, self.length)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SeriesModule:
        from attnframe_timeseries.data.archive import read_archive
        from attnframe_timeseries.data.series_module import SeriesModule

        return SeriesModule(self, lambda: read_archive(self.name, data_dir))

    def download(self, data_dir: Path) -> None:
        from attnframe_timeseries.data.archive import fetch

        fetch(self.name, data_dir)


@frozen
class JapaneseVowels(ArchiveData):
    """Two vowels by nine speakers: who speaks?"""

    name: ClassVar[str] = "japanese_vowels"
    summary: ClassVar[str] = "640 utterances of 9 speakers, 12 channels, 7 to 29 steps (UEA, no licence stated)"
    classes: ClassVar[int] = 9
    channels: ClassVar[int] = 12
    length: ClassVar[int] = 29


@frozen
class BasicMotions(ArchiveData):
    """A smart watch's acceleration and rotation: standing, walking, running or badminton."""

    name: ClassVar[str] = "basic_motions"
    summary: ClassVar[str] = "80 motions of 4 kinds, 6 channels, 100 steps (UEA, no licence stated)"
    classes: ClassVar[int] = 4
    channels: ClassVar[int] = 6
    length: ClassVar[int] = 100


@frozen
class Ecg200(ArchiveData):
    """One heartbeat: normal or a myocardial infarction."""

    name: ClassVar[str] = "ecg200"
    summary: ClassVar[str] = "200 heartbeats of 2 kinds, 96 steps (UCR, no licence stated)"
    classes: ClassVar[int] = 2
    length: ClassVar[int] = 96


@frozen
class GunPoint(ArchiveData):
    """A hand's way: drawing a gun, or pointing."""

    name: ClassVar[str] = "gun_point"
    summary: ClassVar[str] = "200 motions of a hand of 2 kinds, 150 steps (UCR, no licence stated)"
    classes: ClassVar[int] = 2
    length: ClassVar[int] = 150


@frozen
class ArrowHead(ArchiveData):
    """Outlines of arrow heads of three cultures."""

    name: ClassVar[str] = "arrow_head"
    summary: ClassVar[str] = "211 outlines of arrow heads of 3 kinds, 251 steps (UCR, no licence stated)"
    classes: ClassVar[int] = 3
    length: ClassVar[int] = 251


@frozen
class ItalyPowerDemand(ArchiveData):
    """A day of Italy's demand for electricity: from April to September, or from October to March."""

    name: ClassVar[str] = "italy_power_demand"
    summary: ClassVar[str] = (
        "1,096 days of Italy's demand for electricity, 2 seasons, 24 steps (UCR, no licence stated)"
    )
    classes: ClassVar[int] = 2
    length: ClassVar[int] = 24
