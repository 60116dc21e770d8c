"""The tasks of whole graphs: what serves them, and what is refused."""

from __future__ import annotations

import pytest
from attnframe_graph.graph_classification import GraphClassification
from attnframe_graph.graph_regression import GraphRegression
from attnframe_graph.recipes.transformer import PooledTransformer

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

TASKS = {task.name: task for task in (GraphClassification(), GraphRegression())}


@pytest.mark.parametrize("task", list(TASKS))
def test_the_defaults(task: str) -> None:
    (plan,) = check([f"task={task}"]).plans
    assert (plan.plugin.name, plan.data.name, plan.parts.model.name) == ("graph", "motifs", "transformer")


@pytest.mark.parametrize("task", list(TASKS))
@pytest.mark.parametrize("attention", list(attention_variants()))
def test_variants_without_edges_are_refused(task: str, attention: str) -> None:
    unmet = TASKS[task].needs(PooledTransformer()).unmet(attention_variants()[attention].capabilities)
    assert unmet == ([] if attention_variants()[attention].capabilities.edges else ["edges attention"])


def test_data_of_the_other_task_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="esol"):
        check(["task=graph_classification", "data=esol"])
    with pytest.raises(ConfigurationError, match="mutag"):
        check(["task=graph_regression", "data=mutag"])


def test_folds_are_those_of_the_data() -> None:
    assert check(["task=graph_classification", "data=mutag", "data.fold=9"]).plans
    with pytest.raises(ConfigurationError, match="Possible: 0 to 9"):
        check(["task=graph_classification", "data=mutag", "data.fold=10"])
