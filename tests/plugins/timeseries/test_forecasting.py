"""The task: which attention serves each model, and what its option file chooses."""

from __future__ import annotations

import pytest
from attnframe_timeseries.forecasting import Forecasting

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

TASK = Forecasting()


@pytest.mark.parametrize("attention", list(attention_variants()))
@pytest.mark.parametrize("model", list(TASK.models))
def test_variants_that_cannot_serve_are_refused(model: str, attention: str) -> None:
    able = attention_variants()[attention].capabilities
    serves = able.noncausal and (model != "cross" or (able.causal and able.cross))
    assert (TASK.needs(TASK.models[model]()).unmet(able) == []) == serves


def test_the_reason_and_a_way_out_are_told() -> None:
    with pytest.raises(ConfigurationError, match=r"task=forecasting, which needs cross attention.+Works: attention="):
        check(["plugin=timeseries", "model=cross", "attention=window"])
    with pytest.raises(ConfigurationError, match="which needs non-causal attention"):
        check(["plugin=timeseries", "attention=retention"])


def test_the_option_file_of_the_task_chooses_its_model() -> None:
    for overrides in (["plugin=timeseries"], ["task=forecasting", "model=small"]):
        (plan,) = check(overrides).plans
        assert (plan.task.name, plan.parts.model.name, plan.data.name) == ("forecasting", "patches", "macrodata")
    (plan,) = check(["plugin=timeseries", "model=inverted", "data=macrodata"]).plans
    assert plan.parts.model.name == "inverted"


def test_models_of_other_tasks_are_refused_with_the_reason() -> None:
    with pytest.raises(ConfigurationError, match="rows and channels make no grid whose places are alike"):
        check(["plugin=timeseries", "model=attention_cnn"])


def test_all_faults_of_a_configuration_are_told() -> None:
    overrides = [
        "plugin=timeseries",
        "data=series_csv",
        "data.borders=[5,3,9]",
        "data.split=[1,1,1]",
        "model.stride=99",
    ]
    with pytest.raises(ConfigurationError) as caught:
        check(overrides)
    told = str(caught.value)
    assert (
        "data.borders (SeriesCsv) must rise from above 0: [train_end,val_end,test_end] in rows. Got (5, 3, 9)" in told
    )
    assert "data.split (SeriesCsv) must be three fractions" in told
    assert "data.path (SeriesCsv) must be a CSV file: time, then channels" in told
    assert "model.stride (PatchesRecipe) must be at most patch_size=" in told


def test_a_patch_longer_than_the_lookback_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"model\.patch_size .+ must be at most data\.lookback=8\. Got 16"):
        check(["plugin=timeseries", "data.lookback=8", "model.patch_size=16", "model.stride=8"])
