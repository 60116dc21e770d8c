"""The task `series_classification`: one label for a whole series. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_timeseries.recipes.archive import (
    ArrowHead,
    BasicMotions,
    Ecg200,
    GunPoint,
    ItalyPowerDemand,
    JapaneseVowels,
)
from attnframe_timeseries.recipes.cylinder_bell_funnel import CylinderBellFunnel
from attnframe_timeseries.recipes.series_model import SeriesTransformer
from attnframe_timeseries.recipes.ts_files import TsFiles

if TYPE_CHECKING:
    from attnframe_timeseries.series_classifier import SeriesClassifier


class SeriesClassification(Task):
    """One label for a whole series of one or more channels, of any length (ConvTran, Foumani et al. 2024).

    The best checkpoint is that of least validation loss: validation parts of a few series tell it more finely than
    their accuracy.
    """

    name: ClassVar[str] = "series_classification"
    summary: ClassVar[str] = "one label for a whole series of one or more channels (ConvTran 2024)"
    monitor: ClassVar[Monitor] = Monitor("loss", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType({SeriesTransformer.name: SeriesTransformer})
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {
            recipe.name: recipe
            for recipe in (
                CylinderBellFunnel,
                JapaneseVowels,
                BasicMotions,
                Ecg200,
                GunPoint,
                ArrowHead,
                ItalyPowerDemand,
                TsFiles,
            )
        }
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_cnn": "the steps of a series stand on no grid",
            "hierarchical": "a series has no parts of its own",
            "patches": "it forecasts",
            "inverted": "it forecasts",
            "cross": "it forecasts",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> SeriesClassifier:
        from attnframe_timeseries.series_classifier import SeriesClassifier

        return SeriesClassifier(parts, facts)
