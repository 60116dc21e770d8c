"""The declaration of the timeseries plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_timeseries.forecasting import Forecasting
from attnframe_timeseries.series_classification import SeriesClassification


class TimeseriesPlugin(Plugin):
    """Time series: attention over patches, variables and steps."""

    name: ClassVar[str] = "timeseries"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (Forecasting(), SeriesClassification())}
    )


plugin = TimeseriesPlugin()
