"""A user's own trajectories, right and wrong, with and without an environment to act in."""

import json

import pytest
from attnframe_control.offline_policy.files import read_trajectories
from attnframe_control.offline_policy.worlds.cartpole import CartPole
from attnframe_control.offline_policy.worlds.given import Given

import attnframe
from attnframe.errors import DataError

ONE = {"states": [[0.0, 1.0], [2.0, 3.0]], "actions": ["up", "down"], "rewards": [1, 0.5]}


def write(path, *trajectories):
    path.write_text("".join(json.dumps(one) + "\n" for one in trajectories), encoding="utf-8")
    return path


def test_names_and_returns_are_those_of_the_file(tmp_path):
    path = write(tmp_path / "own.jsonl", ONE, ONE, ONE | {"rewards": [1, 2]})
    world, found, digest = read_trajectories(path, None, None)
    assert world.actions == ("down", "up")
    assert world.target == 3.0
    assert found.actions.tolist() == [1, 0] * 3
    assert found.returns.tolist() == [1.5, 1.5, 3.0]
    again, _, same = read_trajectories(path, None, world.facts | {"target": 9.0})
    assert (again.target, same) == (9.0, digest)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{"] * 3, "must be a readable file of JSON lines"),
        ([json.dumps(ONE)] * 2, r"must hold at least 3 trajectories\. Got 2"),
        ([json.dumps(ONE)] * 3 + ["[]"], "line 4 must hold lists of states, actions and rewards"),
        ([json.dumps(ONE)] * 3 + [json.dumps(ONE | {"rewards": [1]})], "line 4 must have as many actions and rewards"),
        ([json.dumps(ONE)] * 3 + [json.dumps(ONE | {"actions": [None, 0]})], "line 4: action 1 must be the name"),
        (
            [json.dumps(ONE)] * 3 + [json.dumps(ONE | {"states": [[1], [2]]})],
            "line 4: state 1 must be 2 finite",
        ),
    ],
)
def test_wrong_lines_are_refused_by_number(tmp_path, lines, told):
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_trajectories(path, None, None)


@pytest.mark.parametrize(
    ("environment", "size", "told"),
    [
        ("Nowhere-v9", 4, "must be an environment that gymnasium can make"),
        ("CartPole-v1", 3, "must have states of 3 numbers and 2 actions, as the trajectories"),
    ],
)
def test_an_environment_that_does_not_fit_is_refused(environment, size, told):
    known = {"environment": environment, "actions": ["0", "1"], "state_size": size, "target": 1.0}
    with pytest.raises(DataError, match=rf"data\.environment={environment} {told}"):
        Given(known).make()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    whole = CartPole().record()
    ends = zip(whole.starts[:40], whole.starts[1:41], strict=True)
    rows = [
        {
            "states": whole.states[start:end].tolist(),
            "actions": whole.actions[start:end].tolist(),
            "rewards": whole.rewards[start:end].tolist(),
        }
        for start, end in ends
    ]
    return write(tmp_path_factory.mktemp("own") / "cartpole.jsonl", *rows)


@pytest.mark.parametrize("environment", ["CartPole-v1", "null"])
def test_a_policy_is_trained_and_evaluated_on_them(file, tmp_path, environment):
    chosen = ["task=offline_policy", "data=trajectory_file", f"data.path={file}", f"data.environment={environment}"]
    small = ["model.dim=16", "model.depth=1", "attention.num_heads=2", "trainer.max_steps=5", "floor=false"]
    result = attnframe.train(attnframe.compose([*chosen, *small]), tmp_path / "run")
    assert ("test/return" in result["metrics"]) == (environment != "null")
    model = attnframe.load(result["checkpoint"])
    assert model.module.facts["target"] == 500.0
    assert model.evaluate() == result["metrics"]
