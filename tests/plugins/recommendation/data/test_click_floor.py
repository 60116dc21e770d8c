"""Biases of values as logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attnframe_recommendation.data.click_floor import area, logistic_regression
from attnframe_recommendation.data.events import Events, EventSplit, Field


def events(names: tuple[str, ...], labels_follow: str) -> Events:
    generator = np.random.default_rng(0)
    columns = {name: generator.integers(1, 5, 600) for name in names}
    chances = np.where(columns[labels_follow] > 2, 0.9, 0.1)
    labels = (generator.random(600) < chances).astype(np.float32)
    fields = tuple(Field(name, "one", tuple("abcd")) for name in names)
    return Events(fields, columns, labels, np.zeros(600, np.uint8))


def floor(data: Events) -> dict[str, Any]:
    splits = [EventSplit(data, np.arange(600)[first::3]) for first in range(3)]
    return logistic_regression(data.fields, *splits)


def test_it_finds_what_one_field_says() -> None:
    found = floor(events(("a", "b"), "a"))
    assert found["test/auc"] > 0.85
    assert found["name"] == "biases of a and b"


def test_with_user_and_item_it_reads_nothing_else() -> None:
    found = floor(events(("user", "item", "c"), "c"))
    assert found["test/auc"] < 0.6
    assert found["name"] == "biases of user and item"


def test_the_area_counts_ties_half() -> None:
    assert area(np.array([0, 1, 1, 0]), np.array([0.5, 0.5, 0.7, 0.1])) == pytest.approx(0.875)


def test_without_single_fields_there_is_none() -> None:
    assert logistic_regression([Field("tags", "many")], *[EventSplit(events(("a",), "a"), np.arange(3))] * 3) == {}
