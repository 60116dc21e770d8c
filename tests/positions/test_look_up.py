from __future__ import annotations

import torch

from attnframe.positions.look_up import clipped_offsets, look_up


def test_heads_come_first_and_gradients_reach_the_rows_used() -> None:
    table = torch.arange(10.0).view(5, 2).requires_grad_()
    index = torch.tensor([[[0, 4, 4]], [[1, 0, 4]]])  # (B, T, S) = (2, 1, 3)
    found = look_up(table, index)
    assert found.shape == (2, 2, 1, 3)
    assert torch.equal(found, table[index].permute(0, 3, 1, 2))
    found.sum().backward()
    assert table.grad is not None
    assert table.grad[:, 0].tolist() == [2, 1, 0, 0, 3]


def test_offsets_are_key_minus_query_and_held() -> None:
    offsets = clipped_offsets(torch.tensor([[3, 9]]), torch.tensor([[0, 2, 4, 20]]), -2, 4)
    assert offsets.tolist() == [[[0, 1, 3, 6], [0, 0, 0, 6]]]
