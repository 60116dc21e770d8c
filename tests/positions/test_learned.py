from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import Learned


def test_adds_the_row_of_each_position() -> None:
    position, x = Learned(3, max_length=5), torch.ones(2, 2, 3)
    positions = torch.tensor([[0, 4], [2, 2]])
    torch.testing.assert_close(position.add(x, positions), 1 + position.table[positions])
    torch.testing.assert_close(position.add(x, positions[:1]), 1 + position.table[positions[:1]].expand(2, 2, 3))


def test_only_rows_that_were_used_learn() -> None:
    position = Learned(3, max_length=5)
    position.add(torch.zeros(1, 2, 3), torch.tensor([[1, 3]])).sum().backward()
    assert position.table.grad is not None
    assert position.table.grad[:, 0].tolist() == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(("positions", "got"), [([[0, 5]], "0 to 5"), ([[-1, 2]], "-1 to 2")])
def test_refuses_positions_outside_the_table(positions: list[list[int]], got: str) -> None:
    message = rf"positions \(Learned\) must lie in the learned table, 0 to 4\. Got {got}\. Use a longer max_length"
    with pytest.raises(ConfigurationError, match=message):
        Learned(3, max_length=5).add(torch.zeros(1, 2, 3), torch.tensor(positions))


@pytest.mark.parametrize("compiled", [False, True])
def test_counts_on_from_a_start(compiled: bool) -> None:
    position, x = Learned(3, max_length=5), torch.ones(2, 2, 3)
    add_from = torch.compile(position.add_from, fullgraph=True, backend="eager") if compiled else position.add_from
    torch.testing.assert_close(add_from(x, 3), position.add(x, torch.tensor([[3, 4]])))
    assert add_from(x[:, :0], 5).shape == (2, 0, 3)


def test_refuses_a_start_too_near_to_the_end_of_the_table() -> None:
    with pytest.raises(ConfigurationError, match=r"0 to 4\. Got 4 to 5\."):
        Learned(3, max_length=5).add_from(torch.zeros(1, 2, 3), 4)


def test_works_without_values_and_when_compiled() -> None:
    assert Learned(3, 5).to("meta").add(
        torch.zeros(1, 2, 3, device="meta"), torch.zeros(1, 2, dtype=torch.long, device="meta")
    ).shape == (1, 2, 3)
    position, x, positions = Learned(3, 5), torch.zeros(1, 2, 3), torch.tensor([[4, 1]])
    compiled = torch.compile(position.add, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x, positions), position.add(x, positions))
