"""`data=cylinder_bell_funnel`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.series_data import SeriesData, nominal

if TYPE_CHECKING:
    from attnframe_timeseries.data.series_module import SeriesModule


@frozen
class CylinderBellFunnel(SeriesData):
    """Cylinder, bell and funnel: three shapes at random places in noise (Saito 1994, "Local feature extraction and its
    applications using a library of bases"), generated with seed 0: 600 series of 64 to 128 steps, split by `split`.
    """

    name: ClassVar[str] = "cylinder_bell_funnel"
    summary: ClassVar[str] = "600 generated series of three shapes, cylinder, bell and funnel (no network)"

    split: tuple[float, float, float] = (0.4, 0.2, 0.4)

    def nominal_facts(self) -> Facts:
        return nominal(("bell", "cylinder", "funnel"), 1, 128)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SeriesModule:
        from attnframe_timeseries.data.cylinder_bell_funnel import cylinder_bell_funnel
        from attnframe_timeseries.data.series_module import SeriesModule

        return SeriesModule(self, cylinder_bell_funnel)
