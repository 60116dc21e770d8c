"""The declaration of the recommendation plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_recommendation.click_prediction import ClickPrediction
from attnframe_recommendation.sequential_recommendation import SequentialRecommendation


class RecommendationPlugin(Plugin):
    """Recommendation: what a user takes next, and whether an event happens."""

    name: ClassVar[str] = "recommendation"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (SequentialRecommendation(), ClickPrediction())}
    )


plugin = RecommendationPlugin()
