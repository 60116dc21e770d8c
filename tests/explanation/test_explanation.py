"""Explanations of a model that is understood."""

import json

import numpy as np
import pytest
from torch import nn

from attnframe.errors import ConfigurationError
from attnframe.explanation.explanation import explain_subject
from attnframe.plugin.subject import Subject
from attnframe.recipes.explain import ExplainRecipe

UNITS, TOLD = 8, 5
OPTIONS = ExplainRecipe(orders=6, steps=8, heads=4)


def test_both_readings_name_the_one_unit_and_prove_it(one_unit: Subject) -> None:
    found = explain_subject(one_unit, OPTIONS)
    assert set(found.relevance) == {"attention", "attention x gradient"}
    for name, parts in found.relevance.items():
        assert parts.argmax() == TOLD
        assert parts.sum() == pytest.approx(1)
        curve = found.deletion.attended[name]
        assert curve[0] == pytest.approx(3, abs=1e-3)
        np.testing.assert_allclose(curve[1:], 0, atol=1e-3)  # it falls at once, and all the way
        assert found.deletion.area(name) > 0
    assert found.relevance["attention x gradient"][TOLD] == pytest.approx(1)
    assert found.faithful
    assert found.statistics[0].sink == (TOLD,)
    assert found.statistics[0].sink_mass == (pytest.approx(1, abs=1e-3),)


def test_no_gradient_is_left_behind(one_unit: Subject) -> None:
    explain_subject(one_unit, OPTIONS)
    assert [name for name, one in one_unit.model.named_parameters() if one.grad is not None] == []


def test_single_heads_are_read_by_themselves(one_unit: Subject) -> None:
    ((layer, head, parts),) = explain_subject(one_unit, OPTIONS).heads
    assert (layer, head) == ("blocks.0", 0)
    assert parts.argmax() == TOLD
    assert explain_subject(one_unit, OPTIONS.replace(heads=0)).heads == []


def test_the_plain_values_are_json(one_unit: Subject) -> None:
    told = json.loads(json.dumps(explain_subject(one_unit, OPTIONS).plain()))
    assert (told["input"], told["answer"], told["units"]) == ("one", "The model says 3.", UNITS)
    reading = told["readings"]["attention"]
    assert reading["most_relevant"][0]["unit"] == f"unit {TOLD}"
    assert len(reading["curve"]) == len(told["deletion"]["share_deleted"]) == UNITS + 1
    assert told["faithful"] is reading["faithful"] is True
    assert told["layers"][0]["layer"] == "blocks.0"


def test_a_notebook_shows_the_page(one_unit: Subject) -> None:
    shown = explain_subject(one_unit, OPTIONS)._repr_html_()
    assert "The model says 3." in shown
    assert "faithful: the answer falls faster" in shown


def test_a_model_without_attention_is_told(one_unit: Subject) -> None:
    one_unit.model = nn.Linear(2, 2)
    with pytest.raises(ConfigurationError, match="must hold an Attention layer"):
        explain_subject(one_unit, OPTIONS)
