"""The largest tensor of a computation."""

import torch

from attnframe.testing.largest_tensor import LargestTensor


def test_views_count_by_the_memory_behind_them() -> None:
    x = torch.ones(4, 5)
    with LargestTensor() as found:
        (x @ x.T).sum()
    assert found.numbers == 20  # x.T is x; the product has 16
    with LargestTensor() as found:
        x.repeat(3, 1)[:1].sum()
    assert found.numbers == 60
