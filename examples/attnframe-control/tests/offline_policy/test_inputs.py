"""Trajectories in JSON, right and wrong."""

import json

import pytest
from attnframe_control.offline_policy.inputs import read_histories, write_example
from attnframe_control.offline_policy.worlds import RECORDED

from attnframe.errors import DataError

FACTS = RECORDED["cartpole"].facts
STATE = [0.0, 0.1, 0.2, 0.3]


def read(tmp_path, content):
    path = tmp_path / "one.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_histories(str(path), FACTS)


def test_actions_are_names_or_numbers_and_gains_sums(tmp_path):
    content = {"states": [STATE] * 3, "actions": ["push right", 0], "rewards": [1, 2.5]}
    ((name, history),) = read(tmp_path, content)
    assert name.endswith("one.json")
    assert history.actions.tolist() == [1, 0]
    assert history.gained.tolist() == [0.0, 1.0, 3.5]
    assert history.states.shape == (3, 4)


def test_the_first_state_alone_is_a_trajectory(tmp_path):
    ((_, history),) = read(tmp_path, {"states": [STATE], "actions": [], "rewards": []})
    assert history.gained.tolist() == [0.0]
    assert history.seen().actions.shape == (1, 0)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path):
    for name in ("b", "a"):
        write_example(tmp_path / f"{name}.json", FACTS)
    assert [name.rsplit("/", 1)[1] for name, _ in read_histories(str(tmp_path), FACTS)] == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "must be a readable JSON file"),
        ([], "must hold lists of states, actions and rewards"),
        ({"states": [], "actions": [], "rewards": []}, "must hold lists of states"),
        ({"states": [STATE], "actions": [0], "rewards": []}, r"Got 1 states, 1 actions, 0 rewards"),
        ({"states": [[1, 2, 3]], "actions": [], "rewards": []}, r"state 1 must be 4 finite numbers\. Got \[1, 2, 3\]"),
        ({"states": [[1, 2, 3, True]], "actions": [], "rewards": []}, "state 1 must be 4 finite numbers"),
        (
            {"states": [STATE] * 2, "actions": [2], "rewards": [0]},
            r"action 1 must be .*Possible: push left, push right",
        ),
        ({"states": [STATE] * 2, "actions": [0], "rewards": ["x"]}, "reward 1 must be a finite number"),
    ],
)
def test_wrong_files_are_refused_in_words(tmp_path, content, told):
    with pytest.raises(DataError, match=told):
        read(tmp_path, content)


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, {"states": [STATE, [1]], "actions": ["jump"], "rewards": [None]})
    assert len(caught.value.faults) == 3


def test_cells_have_whole_numbers_in_their_range(tmp_path):
    path = tmp_path / "cells.json"
    path.write_text(json.dumps({"states": [[11] * 49], "actions": [], "rewards": []}), encoding="utf-8")
    with pytest.raises(DataError, match="must be 49 whole numbers from 0 to 10"):
        read_histories(str(path), RECORDED["minigrid_memory"].facts)
