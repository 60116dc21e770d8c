"""The policy: what it reads, what it tells, what its roll-outs are worth."""

import json

import pytest
import torch
from attnframe_control.offline_policy.recipes import CartPoleTrajectories
from attnframe_control.offline_policy.rollouts import Seen

import attnframe
from attnframe.errors import ConfigurationError
from attnframe.recipe import construct

SMALL = ("model.dim=16", "model.depth=1", "attention.num_heads=2", "data.context=4", "data.stride=20")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small policy after two epochs."""
    folder = tmp_path_factory.mktemp("policy")
    chosen = attnframe.compose(["task=offline_policy", *SMALL, "trainer.max_epochs=2"])
    result = attnframe.train(chosen, folder / "run")
    return attnframe.load(result["checkpoint"]), result


def test_the_return_of_roll_outs_stands_beside_that_of_the_floor(run):
    model, result = run
    assert result["metrics"]["test/return"] > 10
    assert result["floor"]["test/return"] > 450
    assert result["floor"]["others"]["cloning of all"]["test/return"] < result["floor"]["test/return"]
    assert model.evaluate() == result["metrics"]


def test_an_action_is_told_before_it_is_read(run):
    module = run[0].module.eval()
    batch = module.example_batch(1) | {"states": torch.randn(1, 4, 4)}
    with torch.no_grad():
        before = module(batch)
        batch["actions"][0, 2] = 1
        after = module(batch)
    torch.testing.assert_close(before[0, :3], after[0, :3])
    assert not torch.allclose(before[0, 3], after[0, 3])


def test_only_the_last_steps_count_and_returns_are_shares_of_what_there_is(run):
    module = run[0].module.eval()
    seen = Seen(torch.randn(1, 6, 4), torch.ones(1, 5, dtype=torch.int64), torch.arange(6.0).unsqueeze(0))
    returns, states, actions = module.window(seen, 250.0)
    torch.testing.assert_close(returns, (250 - torch.arange(2.0, 6.0).unsqueeze(0)) / 500)
    assert states.shape == (1, 4, 4)
    assert actions.tolist() == [[1, 1, 1, 0]]


def test_a_prediction_follows_the_target(run, tmp_path):
    model, _ = run
    path = tmp_path / "now.json"
    path.write_text(json.dumps({"states": [[0, 0, 0.1, 0.5]], "actions": [], "rewards": []}), encoding="utf-8")
    ((high,), (low,)) = (model.predict(path, target=target) for target in (500.0, 20.0))
    assert list(high) == ["input", "action", "probability", "probabilities"]
    assert high["action"] == "push right"
    assert sum(high["probabilities"].values()) == pytest.approx(1)
    assert high["probabilities"] != low["probabilities"]


def test_an_explanation_has_a_part_for_each_token_of_the_last_steps(run, tmp_path):
    model, _ = run
    states = [[0, 0, 0.1, 0.5]] * 6
    path = tmp_path / "now.json"
    path.write_text(json.dumps({"states": states, "actions": [0] * 5, "rewards": [1] * 5}), encoding="utf-8")
    (one,) = model.explain(path, orders=2, steps=2)
    assert len(one.subject.units) == 3 * 4 - 1
    assert one.subject.units[0] == "return to go of step 3"
    assert one.subject.units[-1] == "state of step 6"


def test_parts_without_trajectories_are_refused():
    with pytest.raises(ConfigurationError, match=r"data\.split.*must leave trajectories in each part"):
        construct(CartPoleTrajectories, {"split": (0.9, 0.1, 0.0)})
