"""Readings of attention with known outcomes."""

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.explanation.maps import Rollout, WeighedByGradient
from attnframe.interpretation import rollout

FIRST = torch.tensor([[[[0.5, 0.5], [1.0, 0.0]]]])
SECOND = torch.tensor([[[[0.0, 1.0], [0.25, 0.75]]]])
LAYERS = {"blocks.0.self_attention": FIRST, "blocks.1.self_attention": SECOND, "cross": torch.ones(1, 2, 3, 5) / 5}


def test_rollout_is_that_of_interpretation() -> None:
    maps = Rollout(LAYERS)
    torch.testing.assert_close(maps.through("blocks."), rollout([FIRST, SECOND]))
    torch.testing.assert_close(maps.through("blocks.", residual=False), SECOND[:, 0] @ FIRST[:, 0])
    assert maps.used == {"blocks.0.self_attention", "blocks.1.self_attention"}
    torch.testing.assert_close(maps.across("cross"), torch.full((1, 3, 5), 0.2))
    assert "cross" in maps.used


def test_negative_weights_count_by_their_size() -> None:
    torch.testing.assert_close(Rollout({"a": -FIRST}).through("a"), Rollout({"a": FIRST}).through("a"))


def test_gradients_add_up_over_layers_and_only_what_speaks_for_the_answer_counts() -> None:
    first, second = torch.tensor([[[[0.0, 2.0], [-5.0, 1.0]]]]), torch.tensor([[[[0.0, 3.0], [0.0, -1.0]]]])
    a, b = torch.tensor([[0.0, 2.0], [0.0, 1.0]]), torch.tensor([[0.0, 3.0], [0.0, 0.0]])
    maps = WeighedByGradient({"blocks.0": first, "blocks.1": second})
    torch.testing.assert_close(maps.through("blocks.")[0], a + b + b @ a)
    torch.testing.assert_close(maps.through("blocks.", residual=False)[0], b @ a)


def test_one_head_stands_for_its_stack_and_leaves_others_alone() -> None:
    two = torch.stack([FIRST[0, 0], SECOND[0, 0]]).unsqueeze(0)
    maps = Rollout({"blocks.0.self_attention": two, "blocks.1.self_attention": SECOND, "cross": LAYERS["cross"]})
    alone = maps.only("blocks.0.self_attention", 1)
    torch.testing.assert_close(alone.through("blocks."), rollout([SECOND]))
    torch.testing.assert_close(alone.across("cross"), maps.across("cross"))


def test_layers_across_are_meaned_and_one_head_stands_for_all() -> None:
    first, second = torch.rand(1, 2, 3, 5), torch.rand(1, 2, 3, 5)
    maps = Rollout({"blocks.0.cross": first, "blocks.1.cross": second})
    names = "blocks.0.cross", "blocks.1.cross"
    torch.testing.assert_close(maps.across(*names), torch.cat([first, second], 1).mean(1))
    torch.testing.assert_close(maps.only("blocks.1.cross", 0).across(*names), second[:, 0])


def test_a_stack_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"names \(Maps.across\) must name layers: .* Got x, y"):
        Rollout(LAYERS).across("x", "y")
    with pytest.raises(ConfigurationError, match=r"prefix \(Maps.through\) must begin the name of a layer .* Got 'x'"):
        Rollout(LAYERS).through("x")
