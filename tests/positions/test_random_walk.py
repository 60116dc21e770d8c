from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import RandomWalk, return_probabilities

STAR = torch.tensor([[0, 0, 0, 1, 2, 3], [1, 2, 3, 0, 0, 0]])  # 0 in the middle of 1, 2 and 3


def test_a_star_by_hand() -> None:
    """Every second step the middle is surely back, a leaf with probability 1/3; a node without edges never."""
    found = return_probabilities(STAR, 5, 4)
    torch.testing.assert_close(found[0], torch.tensor([0.0, 1, 0, 1]))
    torch.testing.assert_close(found[1:4], torch.tensor([[0, 1 / 3, 0, 1 / 3]]).expand(3, -1))
    assert not found[4].any()


def test_steps_go_along_the_edges() -> None:
    cycle = torch.tensor([[0, 1, 2], [1, 2, 0]])
    torch.testing.assert_close(return_probabilities(cycle, 3, 4), torch.tensor([[0.0, 0, 1, 0]]).expand(3, -1))


def test_chunks_of_nodes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = return_probabilities(STAR, 5, 4)
    monkeypatch.setattr("attnframe.positions.random_walk.CHUNK_ELEMENTS", 10)
    torch.testing.assert_close(return_probabilities(STAR, 5, 4), whole)
    assert return_probabilities(torch.zeros(2, 0, dtype=torch.long), 0, 4).shape == (0, 4)


def test_components_are_apart() -> None:
    both = torch.cat((STAR, STAR + 4), dim=1)
    torch.testing.assert_close(return_probabilities(both, 8, 6)[4:], return_probabilities(STAR, 4, 6))


def test_is_mapped_and_added() -> None:
    module, x = RandomWalk(6, steps=4), torch.randn(2, 4, 6, generator=torch.Generator().manual_seed(0))
    positions = module.coordinates(STAR, 4)
    assert positions.shape == (1, 4, 4)
    wanted = x + positions @ module.proj.weight.T
    torch.testing.assert_close(module.add(x, positions), wanted)
    assert module.add(x.bfloat16(), positions).dtype == torch.bfloat16


def test_refuses_other_coordinates() -> None:
    with pytest.raises(ConfigurationError, match=r"steps \(RandomWalk\) must be at least 1\. Got 0\."):
        RandomWalk(4, 0)
    with pytest.raises(
        ConfigurationError, match=r"positions \(RandomWalk\) must have coordinates.+Use RandomWalk\.coord"
    ):
        RandomWalk(4).add(torch.zeros(1, 3, 4), torch.arange(3)[None])
