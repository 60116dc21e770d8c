"""Factors of decay within chunks, by the product that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.recurrence import Tokens
from attnframe.attention.recurrence.chunks import Chunks
from attnframe.attention.recurrence.decays import Decays, times

Make = Callable[..., Any]


@pytest.mark.parametrize("decay", ["steady", "scalar", "none"])
@pytest.mark.parametrize("fresh", [False, True])
def test_factors_are_products_of_decays(make: Make, decay: str, fresh: bool) -> None:
    tokens: Tokens = make(11, decay, fresh=fresh)
    chunks = Chunks.of(11, 4)
    decays = Decays.of(tokens, chunks)
    one = torch.ones(3, 2, 3, 4, 1, dtype=torch.float64)
    pairs = decays.pairs(one @ one.mT)
    begin, end, whole = (
        times(one[:, :, :, :n], f) for n, f in ((4, decays.begin()), (4, decays.end()), (1, decays.whole()))
    )
    for n in range(3):
        for i in range(4):
            for j in range(i + 1):
                if 4 * n + i < 11:
                    torch.testing.assert_close(pairs[n, :, :, i, j], _product(tokens, 4 * n + j + 1, 4 * n + i + 1))
            torch.testing.assert_close(end[n, :, :, i, 0], _product(tokens, 4 * n + i + 1, 4 * n + 4))
            if 4 * n + i < 11:
                torch.testing.assert_close(begin[n, :, :, i, 0], _product(tokens, 4 * n, 4 * n + i + 1))
        torch.testing.assert_close(whole[n, :, :, 0, 0], _product(tokens, 4 * n, 4 * n + 4))
    assert not pairs.triu(1).any()


def _product(tokens: Tokens, first: int, last: int) -> torch.Tensor:
    """What tokens first..last-1 leave of a state, (2, 3), one after another."""
    out = torch.ones(2, 3, dtype=torch.float64)
    for t in range(first, min(last, tokens.length)):
        if tokens.decay is not None:
            out = out * tokens.decay.expand(2, -1, tokens.length, -1)[:, :, t, 0].exp()
        if tokens.fresh is not None:
            out = out * ~tokens.fresh[:, 0, t]
    return out


def test_no_decay_has_no_factors(make: Make) -> None:
    decays = Decays.of(make(5, "none"), Chunks.of(5, 2))
    assert decays.begin() is decays.end() is decays.whole() is None
    x = torch.randn(3)
    assert times(x, None) is x
