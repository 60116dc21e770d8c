"""Examples of one shape, held in memory."""

import torch
from attnframe_control.columns import Columns


def test_a_batch_and_a_part_are_the_examples_at_some_rows():
    whole = Columns({"x": torch.arange(10).view(5, 2), "y": torch.arange(5)})
    assert len(whole) == 5
    batch = whole.batch(torch.tensor([3, 0]))
    assert batch["x"].tolist() == [[6, 7], [0, 1]]
    assert batch["y"].tolist() == [3, 0]
    part = whole.part(torch.tensor([4, 2]))
    assert len(part) == 2
    assert part.batch(torch.tensor([1]))["y"].tolist() == [2]
