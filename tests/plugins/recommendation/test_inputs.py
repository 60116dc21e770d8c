"""Histories that a user gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.inputs import read_histories, write_example

from attnframe.errors import DataError


@pytest.fixture
def facts(interactions: Callable[..., Interactions], module_of: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = module_of(interactions(times=True)).facts
    return found


def test_a_file_gives_one_history_a_user(facts: dict[str, Any], written: Callable[..., Path]) -> None:
    path = written(["user,item,timestamp", "new,i3,9", "other,i1,1", "new,i6,4"])
    found = dict(read_histories(str(path), facts))
    assert found["new"].items.tolist() == [6, 3]
    batch = found["new"].batch(1)
    assert {name: value.tolist() for name, value in batch.items()} == {"items": [[3]], "lengths": [1], "times": [[9]]}
    assert found["other"].seen.tolist() == [[1]]


def test_without_times_a_file_needs_none(facts: dict[str, Any], written: Callable[..., Path]) -> None:
    path = written(["user,item", "new,i3", "new,i1"])
    ((name, history),) = read_histories(str(path), {**facts, "times": []})
    assert (name, history.items.tolist(), history.times) == ("new", [3, 1], None)
    with pytest.raises(DataError, match=r"must have the column timestamp"):
        read_histories(str(path), facts)


def test_users_of_the_training_data_are_known_by_name(facts: dict[str, Any]) -> None:
    found = dict(read_histories("u3, u1", facts))
    assert found["u3"].items.tolist() == [3, 4, 2, 6]
    assert found["u1"].times is not None
    assert found["u1"].times.tolist() == [0, 10, 20]


def test_unknown_users_and_items_are_told(facts: dict[str, Any], written: Callable[..., Path]) -> None:
    with pytest.raises(DataError, match=r"parted by commas\. Got u9\. .+Known: u0, u1, u2, u3\."):
        read_histories("u0,u9", facts)
    path = written(["user,item,timestamp", "new,i9,1", "new,i1,2", "new,i8,2"])
    with pytest.raises(DataError, match=r"must be ones that the model was trained on\. Got i9, i8\."):
        read_histories(str(path), facts)
    with pytest.raises(DataError, match=r"input must be a file of interactions\. Got no file no\.csv"):
        read_histories("no.csv", facts)


def test_an_example_is_read_again(facts: dict[str, Any], tmp_path: Path) -> None:
    path = write_example(tmp_path / "histories.csv", facts)
    assert [history.items.tolist() for _, history in read_histories(str(path), facts)] == [[1, 2, 3], [1, 2, 3]]
