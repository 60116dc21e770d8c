"""The task: which attention serves it, and the model that its option file chooses."""

from __future__ import annotations

import pytest
from attnframe_graph.node_classification import NodeClassification

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

TASK = NodeClassification()


@pytest.mark.parametrize("attention", list(attention_variants()))
def test_variants_without_edges_are_refused(attention: str) -> None:
    unmet = TASK.needs(TASK.models["graph_network"]()).unmet(attention_variants()[attention].capabilities)
    assert unmet == ([] if attention_variants()[attention].capabilities.edges else ["edges attention"])


def test_the_option_file_of_the_task_chooses_its_model() -> None:
    for overrides in (["plugin=graph"], ["task=node_classification", "model=small"]):
        (plan,) = check(overrides).plans
        assert plan.parts.model.name == "graph_network"
    (plan,) = check(["plugin=graph", "model=transformer"]).plans
    assert plan.parts.model.name == "transformer"


def test_models_of_other_tasks_are_refused_with_the_reason() -> None:
    with pytest.raises(ConfigurationError, match="nodes stand on no grid"):
        check(["plugin=graph", "model=attention_cnn"])
