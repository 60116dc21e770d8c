"""Some of the tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from attnframe.attention.recurrence import Tokens

Make = Callable[..., Tokens]


@pytest.mark.parametrize("decay", ["none", "steady", "scalar", "channel"])
@pytest.mark.parametrize(("dim", "size", "count"), [(0, 1, 2), (0, 9, 1), (2, 3, 4), (2, 10, 1)])
def test_parts_are_slices(make: Make, decay: str, dim: int, size: int, count: int) -> None:
    tokens = make(10, decay, fresh=True)
    parts = tokens.split(size, dim)
    assert len(parts) == count
    for n, part in enumerate(parts):
        cut = slice(n * size, (n + 1) * size)
        for name in ("query", "key", "value", "decay", "rate", "fresh", "hidden"):
            whole, found = getattr(tokens, name), getattr(part, name)
            if whole is None:
                assert found is None
            else:
                here = whole[cut] if dim == 0 and whole.shape[0] > 1 else whole
                assert torch.equal(found, here[:, :, cut] if dim == 2 and whole.shape[2] > 1 else here)


def test_sizes_and_steadiness(make: Make) -> None:
    tokens = make(10, "steady")
    assert (tokens.batch, tokens.length, tokens.steady) == (2, 10, True)
    assert not tokens.rows(slice(0, 1)).steady
    assert not make(10, "scalar").steady
    assert not make(10, "none").steady
