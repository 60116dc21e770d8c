"""Interactions as a trained model numbers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.data.known import as_known

from attnframe.errors import DataError


def test_items_are_numbered_and_described_as_the_facts_do(
    interactions: Callable[..., Interactions], module_of: Callable[..., Any]
) -> None:
    facts = module_of(interactions(described=True)).facts
    known = as_known(interactions([[2, 1, 3]]), {**facts, "items": ["i3", "x", "i2", "i1"]})
    assert known.taken.tolist() == [3, 4, 1]
    assert known.items == ("i3", "x", "i2", "i1")
    assert known.titles[0] == "Title 1"
    assert known.attributes.of_item[1] == (2,)


def test_unknown_items_and_missing_times_are_told_together(
    interactions: Callable[..., Interactions], module_of: Callable[..., Any]
) -> None:
    facts = module_of(interactions(times=True)).facts
    with pytest.raises(DataError) as told:
        as_known(interactions([[7, 8, 1]]), facts)
    assert [str(fault) for fault in told.value.faults] == [
        "items must be ones that the model was trained on. Got i7, i8. "
        "Leave them out, or train on data that holds them.",
        "timestamps must be given: the model was trained on data that has them. Got none.",
    ]
