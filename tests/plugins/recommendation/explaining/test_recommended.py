"""Explanations of recommendations and clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_recommendation.explaining.clicked import PredictedClick
from attnframe_recommendation.explaining.recommended import RecommendedItem
from attnframe_recommendation.inputs import History

from attnframe.explanation.explanation import explain_subject
from attnframe.recipes.explain import ExplainRecipe

FEW = ExplainRecipe(orders=2, steps=2, heads=2)


@pytest.mark.parametrize("side", ["none", "cross", "field"])
def test_every_item_of_the_history_has_a_part(
    interactions: Callable[..., Any], module_of: Callable[..., Any], recommender: Callable[..., Any], side: str
) -> None:
    data = module_of(interactions(described=side != "none"))
    data.setup()
    model = recommender(data.facts, side_information=side).eval()
    subject = RecommendedItem("u0", model, History(np.array([1, 2, 3]), None), exclude_seen=True)
    assert len(subject.units) == 3
    assert subject.item not in (1, 2, 3)
    found = explain_subject(subject, FEW)
    assert found.relevance["attention"].sum() == pytest.approx(1)
    with torch.no_grad():
        nothing = subject.scores(torch.zeros(1, 3, dtype=torch.bool))
    assert nothing.isfinite().all()


def test_fields_and_the_items_of_the_history_stand_side_by_side(predictor: Callable[..., Any]) -> None:
    fields = [
        {"name": "item", "kind": "one", "values": ["x", "y", "z"], "edges": [], "of": ""},
        {"name": "genres", "kind": "many", "values": ["a", "b"], "edges": [], "of": ""},
        {"name": "age", "kind": "number", "values": [], "edges": [20.0, 40.0], "of": ""},
        {"name": "history", "kind": "history", "values": [], "edges": [], "of": "item"},
    ]
    model = predictor({"fields": fields}).eval()
    columns = {
        "item": torch.tensor([3]),
        "genres": torch.tensor([[1, 2]]),
        "age": torch.tensor([2]),
        "history": torch.tensor([[1, 2, 0]]),
    }
    subject = PredictedClick("row 2", model, columns)
    assert subject.units == ["item = z", "genres = a, b", "age = bin 2 of 3", "history: x", "history: y"]
    kept = torch.ones(2, 5, dtype=torch.bool)
    kept[1, [1, 3]] = False
    changed = {**columns, "genres": torch.tensor([[0, 0]]), "history": torch.tensor([[0, 2, 0]])}
    with torch.no_grad():
        expected = torch.cat([model(columns), model(changed)]) * subject.sign
        torch.testing.assert_close(subject.scores(kept), torch.nn.functional.logsigmoid(expected))
    assert explain_subject(subject, FEW).relevance["attention"].sum() == pytest.approx(1)
