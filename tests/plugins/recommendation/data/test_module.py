"""Parts, facts and protocol of interactions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_recommendation.data.interactions import Interactions

from attnframe.errors import DataError

Make = Callable[..., Interactions]


def test_facts_hold_names_histories_and_descriptions(interactions: Make, module_of: Callable[..., Any]) -> None:
    facts = module_of(interactions(times=True, described=True)).facts
    assert facts["items"] == ["i1", "i2", "i3", "i4", "i5", "i6"]
    assert facts["titles"][0] == "Title 1"
    assert facts["attributes"] == ["odd", "even"]
    assert facts["item_attributes"] == ["1", "2", "1", "2", "1", "2"]
    assert facts["users"] == ["u0", "u1", "u2", "u3"]
    assert facts["histories"][3] == "3 4 2 6"
    assert facts["times"][1] == "0 10 20"
    assert facts["max_length"] == 4


def test_the_protocol_is_told(interactions: Make, module_of: Callable[..., Any]) -> None:
    told = module_of(interactions()).protocol
    assert told == {
        "protocol": "full",
        "candidates": "all 6 items",
        "seen items": "masked",
        "ties": "mean rank",
        "users": 3,
        "users with fewer than 3 events": 1,
        "split": "leave one out by time, ties in file order",
    }
    drawn = module_of(interactions(), seed=7, protocol="sasrec-100neg").protocol
    assert drawn["candidates"] == "the true item and 100 never taken, drawn uniformly, seed 7"
    assert drawn["seen items"] == "not among the candidates"
    assert "by popularity" in module_of(interactions(), protocol="pop-100neg").protocol["candidates"]


def test_validation_may_look_at_fewer_users(interactions: Make, module_of: Callable[..., Any]) -> None:
    module = module_of(interactions(), val_users=2)
    assert (len(module.val), len(module.test)) == (2, 3)


def test_popular_negatives_were_trained_on(interactions: Make, module_of: Callable[..., Any]) -> None:
    histories = [[1, 2, 3, 4, 5], [6, 7, 8, 9]] * 3
    negatives = module_of(interactions(histories), protocol="pop-100neg").test.negatives
    assert set(np.unique(negatives[0].numpy())) <= {0, 6, 7, 8, 9}


def test_negatives_of_a_file_are_used(interactions: Make, module_of: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "sample.txt"
    path.write_text("u0 i6\nu1 i4 i5\nu3 i1\n", encoding="utf-8")
    module = module_of(interactions(), protocol="99neg-file", negatives=str(path))
    assert module.test.negatives.tolist() == [[6, 0], [4, 5], [1, 0]]
    assert str(path) in module.protocol["candidates"]


def test_a_checkpoints_numbers_are_kept(interactions: Make, module_of: Callable[..., Any]) -> None:
    facts = module_of(interactions()).facts
    turned = {**facts, "items": facts["items"][::-1], "max_length": 2}
    module = module_of(interactions(), facts=turned)
    assert module.facts is turned
    assert module.test.targets.tolist() == [2, 6, 1]
    assert module.test.windows.lengths.max() == 2


def test_data_without_three_events_of_anyone_is_refused(interactions: Make, module_of: Callable[..., Any]) -> None:
    with pytest.raises(DataError, match=r"parts val and test must have users. Got none of 2 users has 3 events"):
        module_of(interactions([[1, 2], [2]]))
    with pytest.raises(DataError, match=r"part train must hold transitions"):
        module_of(interactions([[1, 2, 3], [2]]))
