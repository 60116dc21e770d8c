"""The task: which attention serves it, and what its option file chooses."""

from __future__ import annotations

import pytest
from attnframe_timeseries.series_classification import SeriesClassification

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

TASK = SeriesClassification()


@pytest.mark.parametrize("attention", list(attention_variants()))
def test_variants_that_cannot_serve_are_refused(attention: str) -> None:
    able = attention_variants()[attention].capabilities
    unmet = TASK.needs(TASK.models["transformer"]()).unmet(able)
    assert unmet == ([] if able.noncausal else ["non-causal attention"])


def test_the_option_file_of_the_task_chooses_data_and_model() -> None:
    (plan,) = check(["task=series_classification"]).plans
    assert (plan.plugin.name, plan.parts.model.name, plan.data.name) == (
        "timeseries",
        "transformer",
        "cylinder_bell_funnel",
    )


def test_models_of_other_tasks_are_refused_with_the_reason() -> None:
    with pytest.raises(ConfigurationError, match="model=patches cannot serve task=series_classification: it forecasts"):
        check(["task=series_classification", "model=patches"])


def test_a_model_without_convolutions_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"model\.kernels .* must name at least one convolution.*Try \[8\]"):
        check(["task=series_classification", "model.kernels=[]"])
